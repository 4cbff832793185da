using System.Net.Http.Json;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;

namespace EndToEnd.Tests.Moves;

/// <summary>While a module's tables are moved nobody changes them, or who owns them, in another way.</summary>
public sealed class MovingSchemaTests
{
    [Fact]
    public async Task A_version_that_would_change_tables_which_are_being_moved_does_not_start()
    {
        await using var shop = await MovingShop.StartAsync(DatabaseProvider.Sqlite);
        await shop.CreateAsync();
        await shop.ComesToAsync("running");
        using (var refused = await shop.Operator.PutAsJsonAsync("/api/v1/ownership/catalog", new { owner = "service", expectedEpoch = 1, reason = "a test" }))
        {
            ((int)refused.StatusCode).ShouldBe(409);
            (await refused.Content.ReadAsStringAsync()).ShouldContain("ownership.moving");
        }

        await shop.Deployment.KillAsync(Deployable.Monolith);
        await shop.ForgetMigrationAsync();
        var newer = shop.Deployment.Start(Deployable.Monolith);
        (await newer.ExitCodeAsync()).ShouldBe(1);
        string.Join('\n', newer.Errors).ShouldContain("The tables of Catalog are being moved, and are not changed meanwhile");
    }
}
