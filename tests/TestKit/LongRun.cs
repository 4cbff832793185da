using Xunit;

namespace ModularShop.TestKit;

/// <summary>The same tests with bigger numbers: <c>./test.sh --long</c>.</summary>
public static class LongRun
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("MODULARSHOP_TEST_LONG") is "1";
}

/// <summary>A fact that takes long and is the same on every engine: of the default run on PostgreSQL, of the long one on each.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OneEngineFactAttribute : FactAttribute
{
    public OneEngineFactAttribute() => Skip = Reason;

    internal static string? Reason => LongRun.IsOn || TestDatabase.Engine is Modularity.Data.DatabaseProvider.PostgreSql ? null : $"On {TestDatabase.Engine} it belongs to the long run.";
}

/// <inheritdoc cref="OneEngineFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OneEngineTheoryAttribute : TheoryAttribute
{
    public OneEngineTheoryAttribute() => Skip = OneEngineFactAttribute.Reason;
}

/// <summary>A theory of the long run alone.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LongTheoryAttribute : TheoryAttribute
{
    public LongTheoryAttribute() => Skip = LongRun.IsOn ? null : "It belongs to the long run.";
}
