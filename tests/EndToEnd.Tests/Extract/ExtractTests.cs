using System.Text.Json.Nodes;

namespace EndToEnd.Tests.Extract;

/// <summary><c>./shop extract</c>, in a scratch copy of the repository.</summary>
public sealed class ExtractTests : IDisposable
{
    private static readonly string[] OfPayments =
    [
        "src/Extracted/Payments/Dockerfile", "src/Extracted/Payments/ModularShop.Payments.Service.csproj", "src/Extracted/Payments/Program.cs",
        "src/Extracted/Payments/Properties/launchSettings.json", "src/Extracted/Payments/appsettings.json",
    ];

    private readonly ScratchCopy _copy = new();

    [Fact]
    public async Task What_is_extracted_in_the_repository_is_what_the_command_would_write()
    {
        var before = _copy.Files();
        (await _copy.ExtractAsync("Catalog")).ShouldBeDone().Output.ShouldContain("Catalog has its service: nothing had to be done.");
        (await _copy.ExtractAsync("shipping", "--json")).ShouldBeJson()["changes"]!.AsArray().ShouldBeEmpty();
        ShouldBe(before);

        // The very same again from nothing.
        Directory.Delete(Path.Combine(_copy.Root, "src/Extracted/Shipping"), recursive: true);
        (await _copy.ExtractAsync("Shipping")).ShouldBeDone();
        ShouldBe(before);
    }

    [Fact]
    public async Task A_module_is_extracted_once_and_what_it_takes_can_be_seen_before()
    {
        var before = _copy.Files();
        var dry = (await _copy.ExtractAsync("payments", "--dry-run")).ShouldBeDone().Output;
        ShouldBe(before);
        var done = (await _copy.ExtractAsync("payments")).ShouldBeDone().Output;
        done.ShouldContain("./shop services up Payments");
        var after = _copy.Files();
        string[] changed = [.. after.Where(f => before.GetValueOrDefault(f.Key) != f.Value).Select(f => f.Key).Order(StringComparer.Ordinal)];
        changed.ShouldBe([.. new[] { "ModularShop.sln", "src/Host/appsettings.Development.json", "src/Host/routing.json" }.Concat(OfPayments).Order(StringComparer.Ordinal)]);
        changed.ShouldAllBe(path => dry.Contains(path) && done.Contains(path));

        (await _copy.ExtractAsync("Payments")).ShouldBeDone().Output.ShouldContain("nothing had to be done");
        ShouldBe(after);

        (await _copy.ExtractAsync("Ordering")).ShouldBeDone();
        var addresses = JsonNode.Parse(_copy.Read("src/Host/routing.json"))!["Facade"]!["Services"]!.AsObject().ToDictionary(s => s.Key, s => s.Value!["Destinations"]![0]!.GetValue<string>(), StringComparer.Ordinal);
        addresses.Keys.ShouldBe(["Catalog", "Shipping", "Payments", "Ordering"]);
        addresses.Values.Distinct(StringComparer.Ordinal).Count().ShouldBe(4);
        foreach (var (module, address) in addresses)
        {
            JsonNode.Parse(_copy.Read($"src/Extracted/{module}/appsettings.json"))!["Peers"]!["Listen"]!.GetValue<string>().ShouldBe(address);
        }

        JsonNode.Parse(_copy.Read("src/Host/appsettings.Development.json"))!["MoveTables"]!["Targets"]!["Ordering"]!["DataFolder"]!.GetValue<string>().ShouldBe("../Extracted/Ordering/data");
        _copy.Read("ModularShop.sln").Split('\n').Count(l => l.Contains(@"src\Extracted\Payments\ModularShop.Payments.Service.csproj", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task What_somebody_has_edited_is_left_alone_and_said()
    {
        (await _copy.ExtractAsync("Payments")).ShouldBeDone();
        _copy.Write(OfPayments[2], _copy.Read(OfPayments[2]) + "// ours\n");
        File.Delete(Path.Combine(_copy.Root, OfPayments[0]));
        var before = _copy.Files();
        var said = (await _copy.ExtractAsync("Payments")).ShouldBeDone().Output;
        said.ShouldContain("Left alone");
        said.ShouldContain(OfPayments[2]);
        said.ShouldNotContain(OfPayments[1]);
        ShouldBe(before);
    }

    [Fact]
    public async Task What_others_have_written_into_the_hosts_settings_stays()
    {
        const string Routing = "src/Host/routing.json", Settings = "src/Host/appsettings.Development.json";
        _copy.Write(Routing, """
            { // ours
              "Facade": {
                "Services": { "Catalog": { "Destinations": [ "https://127.0.0.1:5103" ] }, /* and no more */ },
              } }
            """);
        _copy.Write(Settings, "{ }");
        (await _copy.ExtractAsync("Payments")).ShouldBeDone();
        _copy.Read(Routing).ShouldBe("""
            { // ours
              "Facade": {
                "Services": { "Catalog": { "Destinations": [ "https://127.0.0.1:5103" ] },
                  "Payments": { "Destinations": [ "https://127.0.0.1:5104" ] } /* and no more */ },
              } }
            """);
        JsonNode.Parse(_copy.Read(Settings))!["MoveTables"]!["Targets"]!["Payments"]!["Provider"]!.GetValue<string>().ShouldBe("Sqlite");

        _copy.Write(Routing, "{ no JSON");
        var before = _copy.Files();
        (await _copy.ExtractAsync("Ordering")).ShouldFail(1, Routing, "Facade:Services:Ordering", "Nothing has been written.");
        ShouldBe(before);
    }

    public void Dispose() => _copy.Dispose();

    private void ShouldBe(IReadOnlyDictionary<string, string> before)
    {
        var now = _copy.Files();
        now.Where(f => before.GetValueOrDefault(f.Key) != f.Value).Select(f => f.Key).Concat(before.Keys.Except(now.Keys, StringComparer.Ordinal)).ShouldBeEmpty();
    }
}
