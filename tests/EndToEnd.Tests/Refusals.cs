namespace EndToEnd.Tests;

/// <summary>How a start ends that cannot succeed.</summary>
internal static class Refusals
{
    /// <summary>Exit code 1, one line on the error stream that says all of this, and a stack trace nowhere.</summary>
    public static async Task ShouldRefuseToStartAsync(this HostProcess host, params string[] said)
    {
        (await host.ExitCodeAsync()).ShouldBe(1, host.Output);
        var line = host.Errors.ShouldHaveSingleItem();
        foreach (var part in said)
        {
            line.ShouldContain(part);
        }

        host.Output.ShouldNotContain("   at ");
    }
}
