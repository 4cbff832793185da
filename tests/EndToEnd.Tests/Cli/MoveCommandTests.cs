using System.Text.Json.Nodes;
using ModularShop.Modularity.Data;

namespace EndToEnd.Tests.Cli;

/// <summary><c>./shop move</c>, from create to cancel.</summary>
public sealed class MoveCommandTests
{
    [Fact]
    public async Task A_move_is_held_slowed_down_looked_at_and_cancelled()
    {
        await using var shop = await MovingShop.StartAsync(DatabaseProvider.Sqlite);
        using var commands = new CommandLine(("SHOP_URL", shop.Deployment.Host.Address.ToString().TrimEnd('/')), ("SHOP_DATA", shop.DataFolder));
        (await MoveAsync("status", "catalog")).ShouldFail(1, "Catalog is not being moved", "./shop move create catalog");
        var plan = (await MoveAsync("create", "catalog", "--dry-run")).Output;
        plan.ShouldContain("ok  The service's tables are empty");
        plan.ShouldContain("CREATE TRIGGER");
        (await MoveAsync("status", "catalog")).ShouldFail(1, "Catalog is not being moved");

        (await MoveAsync("create", "catalog")).Output.ShouldContain("Catalog: Created");
        await shop.ComesToAsync("running");
        (await MoveAsync("pause", "catalog", "--dry-run")).Output.ShouldContain("'pause' would be carried out now; nothing was changed.");
        (await StatusAsync())["isPaused"]!.GetValue<bool>().ShouldBeFalse();
        (await MoveAsync("pause", "catalog")).Output.ShouldContain("Catalog: Running, paused");
        (await MoveAsync("switch-traffic", "catalog", "--reads", "--dry-run")).ShouldFail(1, "The move is paused: './shop move resume catalog'.");
        (await MoveAsync("resume", "catalog")).Output.ShouldContain("Catalog: Running;");
        (await MoveAsync("throttle", "catalog", "--rows-per-second", "0")).ShouldFail(1, "'rowsPerSecond' must be 1 or more");
        (await MoveAsync("throttle", "catalog", "--rows-per-second", "5000")).ShouldBeDone();
        var status = await StatusAsync();
        (status["rowsPerSecondLimit"]!.GetValue<long>(), status["isPaused"]!.GetValue<bool>(), status["service"]!.GetValue<string>()).ShouldBe((5000, false, "Replica"));
        (await DataOfServiceAsync()).ShouldBe("Replica");

        (await MoveAsync("vdiff", "catalog")).Output.ShouldContain("rows are equal");
        (await MoveAsync("switch-traffic", "catalog")).ShouldFail(2, "--reads first");
        (await MoveAsync("switch-traffic", "catalog", "--reads")).Output.ShouldContain("The service answers the reads of Catalog");
        (await MoveAsync("switch-traffic", "catalog", "--writes")).Output.ShouldContain("The service owns the data of Catalog");
        (await StatusAsync())["service"]!.GetValue<string>().ShouldBe("Owner");
        await Eventually.TrueAsync(async () => await DataOfServiceAsync() == "Owner", "the service to say that the data is its own");
        (await MoveAsync("cancel", "catalog", "--dry-run")).ShouldFail(1, "a cancelled move would lose what it has written", "./shop move reverse-traffic catalog");
        (await MoveAsync("reverse-traffic", "catalog")).Output.ShouldContain("The host owns the data of Catalog again");
        (await MoveAsync("cancel", "catalog")).ShouldBeDone();
        await shop.ComesToAsync("cancelled");
        (await MoveAsync("history", "catalog")).Output.ShouldContain("Nothing is left of the move but its history.");
        (await MoveAsync("status")).Output.ShouldMatch(@"Catalog\s+Cancelled");

        Task<Said> MoveAsync(params string[] words) => commands.RunAsync(["move", .. words]);

        async Task<JsonNode> StatusAsync() => (await MoveAsync("status", "catalog", "--json")).ShouldBeJson();

        async Task<string> DataOfServiceAsync()
        {
            using var peer = shop.Deployment.AsPeer("Catalog");
            return (await peer.GetAsync(new Uri("health/live", UriKind.Relative)).ShouldBeAsync(200))["checks"]!["deployable"]!["data"]!["data"]!.GetValue<string>();
        }
    }
}
