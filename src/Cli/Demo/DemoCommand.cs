using System.CommandLine;
using ModularShop.Cli.Rehearse;
using ModularShop.Cli.Services;

namespace ModularShop.Cli.Demo;

/// <summary><c>./shop demo</c>: what this is all about, in three minutes.</summary>
internal static class DemoCommand
{
    private const string Module = "Catalog";
    private const int Rate = 60;
    private const int Rows = 10_000;

    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(8);

    public static Command Make()
    {
        var noBuild = new Option<bool>("--no-build") { Description = "Run what was built last." };
        return new ShopCommand(
            "demo",
            "Three minutes: a shop of its own under load, Catalog extracted into a service while it sells, and brought back. No running shop is touched.",
            "./shop demo")
        {
            noBuild,
        }.Does(async (parsed, shop, cancellationToken) =>
        {
            using var ended = new EndSignals(cancellationToken);
            using var folder = new ThrowawayFolder();
            var plan = new RehearsalPlan(Module, Rows, Rate, Hold, new HashSet<FaultKind>(), Seed: 0, Server: null, "Debug", !parsed.GetValue(noBuild), folder.Path);
            await RehearseCommand.RunAsync(plan, Path.Combine(Repository.Root, "rehearsals", "demo"), Script, shop.Output, ended.Token);
        });
    }

    private static IReadOnlyList<Act> Script(Stage stage, Steps steps) =>
    [
        new("1. A modular monolith sells", "One process, five modules, a schema each. Clients change prices and stock and read them back; customers buy.", _ => Task.CompletedTask),
        new("2. Catalog's service starts beside it, and every endpoint of Catalog goes there", "./shop services up Catalog; ./shop routes set Catalog.GetProduct Service …  Its data is still the monolith's.", async token =>
        {
            await stage.StartServiceAsync(isOwn: false, token);
            await steps.RouteAsync(token);
        }),
        new("3. And home again, with one command", "./shop routes home", steps.RouteHomeAsync),
        new("4. Its tables are copied to a database of the service's own, while they are written", "./shop move create catalog; ./shop move vdiff catalog", async token =>
        {
            await stage.StartServiceAsync(isOwn: true, token);
            await steps.CreateAsync(token);
            await steps.CompareAsync(token);
        }),
        new("5. The service answers the reads", "./shop move switch-traffic catalog --reads", steps.SwitchReadsAsync),
        new("6. The service owns the data: Catalog is a microservice", "./shop move switch-traffic catalog --writes  The monolith's tables follow.", async token =>
        {
            await steps.CompareAsync(token);
            await steps.SwitchWritesAsync(token);
        }),
        new("7. The way back: the monolith owns the data again, with all that the service wrote", "./shop move reverse-traffic catalog", steps.ReverseAsync),
        new("8. And as if nothing had been", "./shop move cancel catalog  No trigger, no log and no row of the move stays.", steps.CancelAsync),
    ];
}
