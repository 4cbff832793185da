namespace EndToEnd.Tests.Crashes;

/// <summary><c>./test.sh --long</c>: the same tests with bigger numbers.</summary>
internal static class LongRun
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("MODULARSHOP_TEST_LONG") is "1";
}
