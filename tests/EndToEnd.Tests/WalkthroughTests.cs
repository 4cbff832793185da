using System.Diagnostics;

namespace EndToEnd.Tests;

/// <summary>The README's customer: <c>docs/walkthrough.sh</c> against a host started as a user starts it.</summary>
public sealed class WalkthroughTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("modularshop-").FullName;

    [Fact]
    public async Task A_customer_buys_something_with_curl_and_the_declined_card_releases_the_stock()
    {
        await using var host = await HostProcess.StartAndWaitAsync(_folder, settings: [
            ("Shipping:Carrier:Simulate:StepSeconds", "1"),
            ("Shipping:Jobs:AdvanceShipments", "00:00:00.300"),
        ]);
        var start = new ProcessStartInfo("bash") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(Repository.Root, "docs", "walkthrough.sh"));
        start.ArgumentList.Add(host.Address.ToString().TrimEnd('/'));
        using var script = Process.Start(start)!;
        var output = script.StandardOutput.ReadToEndAsync();
        var errors = script.StandardError.ReadToEndAsync();
        await script.WaitForExitAsync();
        script.ExitCode.ShouldBe(0, $"{await output}\n{await errors}\n{host.Output}");
        var facts = (await output).Split('\n').Where(l => l.StartsWith("-> ", StringComparison.Ordinal)).ToList();
        facts.Count.ShouldBe(12, await output);
        facts[^1].ShouldBe("-> a declined card rejects the order and releases the stock");
        host.Output.Split('\n').Where(l => l.StartsWith("warn: Microsoft.EntityFrameworkCore", StringComparison.Ordinal) || l.StartsWith("fail: ", StringComparison.Ordinal))
            .ShouldBeEmpty($"nothing went wrong, and nobody is alarmed: {host.Output}");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
