using ModularShop.Modularity.Deployables;

namespace BuildingBlocks.Tests.Messaging;

[Collection(Alone.Name)]
public sealed class PromptMoveTests : WithDatabases
{
    private readonly Line _line = new();

    [Fact]
    public async Task Processing_follows_the_owner_within_a_second()
    {
        await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith);
        await using var service = await Host.StartAsync(Database, _line, "Receiver");
        await Eventually.TrueAsync(() => Task.FromResult(monolith.Processes("Receiver") && monolith.Processes("Sender")), "the monolith to process");
        service.Processes("Receiver").ShouldBeFalse();

        foreach (var owner in new[] { Owner.Service, Owner.Monolith, Owner.Service })
        {
            await monolith.MoveAsync("Receiver", owner);
            var (to, from) = owner is Owner.Service ? (service, monolith) : (monolith, service);
            // Two seconds more for a machine that does other things too.
            await Eventually.TrueAsync(() => Task.FromResult(to.Processes("Receiver") && !from.Processes("Receiver")), "the new owner alone to process", TimeSpan.FromSeconds(3));
            monolith.Processes("Sender").ShouldBeTrue("only the receiver has moved");
        }
    }
}
