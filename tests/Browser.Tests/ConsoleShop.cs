using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;

namespace Browser.Tests;

/// <summary>
/// The host with two services: Catalog's on an empty database of its own, to which the tables can be moved, and Shipping's on the
/// host's tables; and the browser of the others to look at it with.
/// </summary>
public sealed class ConsoleShop : IAsyncLifetime
{
    /// <summary>Of KIT-0301.</summary>
    internal const string Brand = "Nøkkeby";

    private const string Evil = "<img src=x onerror=\"document.title='hacked'\">";

    private TestDatabase _database = null!;
    private TestDatabase _target = null!;

    internal Deployment Deployment { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (BrowserShop.Missing is not null)
        {
            return;
        }

        (_database, _target) = (await TestDatabase.CreateAsync(DatabaseProvider.Sqlite), await TestDatabase.CreateAsync(DatabaseProvider.Sqlite));
        var target = _target.Settings.Where(s => s.Key.StartsWith("Database:", StringComparison.Ordinal)).ToList();
        (string, string)[] common = [("RateLimits:RequestsPerSecond", "100000"), ("RateLimits:CredentialsPerMinute", "100000")];
        Deployment = new Deployment(_database, ["Catalog", "Shipping"], d => d switch
        {
            Deployable.Monolith => [.. common, .. target.Select(s => ($"MoveTables:Targets:Catalog:{s.Key["Database:".Length..]}", s.Value))],
            "Catalog" => [.. common, .. target, ("Service:Data", "Own")],
            _ => common,
        });
        Deployment.Route();
        // One after the other: started at once on a busy machine, each would wait for the others.
        foreach (var deployable in new[] { Deployable.Monolith, "Catalog", "Shipping" })
        {
            await Deployment.Start(deployable).ReadyAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (BrowserShop.Missing is null)
        {
            await Deployment.DisposeAsync();
            await _target.DisposeAsync();
            await _database.DisposeAsync();
        }
    }

    /// <summary>An operator, logged in, at a page of the console.</summary>
    internal async Task<Visitor> LookAsync(BrowserShop browsers, string page, bool withScript = true)
    {
        var visitor = await browsers.VisitAsync(withScript, address: Deployment.Host.Address);
        // Who asks for a page of the console is asked who they are, and comes to it then.
        await visitor.Page.GotoAsync(page);
        await visitor.Page.GetByLabel("Email").FillAsync("operator@modularshop.example");
        await visitor.Page.GetByLabel("Password").FillAsync("demo-operator-1");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Navigation, new() { Name = "Console" }).WaitForAsync();
        return visitor;
    }

    /// <summary>Asks for an address again and again, as customers do, until the returned is disposed of.</summary>
    internal Load Ask(string address, int perSecond = 20) => new(Deployment.Host.Client, address, perSecond);

    /// <summary>A message that Shipping has given up on, with markup in everything that is somebody else's.</summary>
    internal Task<Guid> DieAsync() => _database.AddDeadLetterOfShippingAsync(
        "Shipping.CancelShipment", $$"""{"orderId":"{{Guid.CreateVersion7()}}","note":"{{Evil.Replace("\"", "\\\"", StringComparison.Ordinal)}}"}""", Evil);

    /// <summary>Changes the brand of KIT-0301 where Catalog's tables are moved to, behind the move's back.</summary>
    internal Task TamperAsync(string brand) => _target.RebrandCopyAsync("KIT-0301", brand);
}
