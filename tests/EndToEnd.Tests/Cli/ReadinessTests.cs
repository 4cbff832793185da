using EndToEnd.Tests.Extract;

namespace EndToEnd.Tests.Cli;

/// <summary><c>./shop readiness</c>; what it finds where rules are broken, the fixtures of Boundaries.Tests show.</summary>
public sealed class ReadinessTests : IDisposable
{
    private readonly CommandLine _shop = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("modularshop-readiness-").FullName;

    [Fact]
    public async Task A_module_is_looked_at_without_a_shop_that_runs()
    {
        var said = (await ReadinessAsync("catalog")).ShouldBeDone().Output;
        said.ShouldContain("Catalog: 94 of 100");
        said.ShouldMatch(@"Ordering CheckOutCart\s+ICatalogApi\.GetProductsAsync");
        said.ShouldContain("migration-playbook/01-decide.md#questions");
        said.ShouldContain("It breaks no rule");
        (await ReadinessAsync("Catalog", "--json")).ShouldBeJson()["findings"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_baseline_is_begun_and_wrong_usage_named()
    {
        var file = Path.Combine(_folder, "payments.json");
        (await ReadinessAsync("Payments", "--write-baseline")).ShouldFail(2, "add --baseline <file>");
        (await ReadinessAsync("Payments", "--baseline", file)).ShouldFail(2, $"There is no baseline {file}", "--write-baseline");
        (await ReadinessAsync("Payments", "--baseline", file, "--write-baseline")).ShouldBeDone().Output.ShouldContain("0 known, 0 new, 0 mended.");
        (await ReadinessAsync("Shipping", "--baseline", file)).ShouldFail(2, "is the baseline of Payments, not of Shipping");
        (await ReadinessAsync("Nothing")).ShouldFail(2, "There is no module 'Nothing'");
        (await _shop.RunAsync("readiness", "Payments", "--no-build", "-c", "Never")).ShouldFail(1, "has not been built", "leave --no-build out");
    }

    public void Dispose()
    {
        _shop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Task<Said> ReadinessAsync(params string[] arguments) => _shop.RunAsync(["readiness", "--no-build", "-c", ScratchCopy.Configuration, .. arguments]);
}
