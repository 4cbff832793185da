using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;

namespace EndToEnd.Tests.Cli;

/// <summary>A host that knows where the Catalog and Shipping services would be, for the tests of the command line.</summary>
public sealed class CliShop : IAsyncLifetime
{
    public TestDatabase Database { get; private set; } = null!;

    public Deployment Deployment { get; private set; } = null!;

    public string DataFolder => Database.Folder;

    public HostProcess Host => Deployment.Host;

    private string Url => Host.Address.ToString().TrimEnd('/');

    public async Task InitializeAsync()
    {
        Database = await TestDatabase.FilledAsync(DatabaseProvider.Sqlite);
        Deployment = new Deployment(Database, ["Catalog", "Shipping"], _ => [("RateLimits:CredentialsPerMinute", "1000"), ("Messaging:MaxAttempts", "1")]);
        Deployment.Route();
        await Deployment.Start(Deployable.Monolith).ReadyAsync();
        using var commands = Operator();
        await Eventually.TrueAsync(async () => (await commands.RunAsync("routes", "list", "--json")).ShouldBeJson()["services"]!.AsArray().Count == 2, "the services to be known");
    }

    /// <summary>On the host's machine, by the token in its data folder.</summary>
    internal CommandLine Operator(params (string Name, string Value)[] environment) => new([("SHOP_URL", Url), ("SHOP_DATA", DataFolder), .. environment]);

    /// <summary>Without the host's data folder.</summary>
    internal CommandLine Stranger(params (string Name, string Value)[] environment) => new([("SHOP_URL", Url), ("SHOP_DATA", "/nowhere"), .. environment]);

    /// <summary>What services of this shop are told by the environment.</summary>
    internal (string Name, string Value)[] ServiceSettings =>
    [
        .. Database.Settings.Concat(Deployment.PeerSettings).Where(s => s.Key.StartsWith("Database", StringComparison.Ordinal) || s.Key.StartsWith("Peers", StringComparison.Ordinal))
            .Select(s => (s.Key.Replace(":", "__", StringComparison.Ordinal), s.Value)),
    ];

    public async Task DisposeAsync()
    {
        await Deployment.DisposeAsync();
        await Database.DisposeAsync();
    }
}
