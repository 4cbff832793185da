using BuildingBlocks.Tests.Receiver;
using ModularShop.Modularity.Deployables;

namespace BuildingBlocks.Tests.Messaging;

/// <summary>Nobody may write a module's tables for a while: its messages wait, and nobody takes that for a failure.</summary>
[Trait(RunOnly.Trait, RunOnly.Once)]
public sealed class FenceTests
{
    private const int Speakers = 6;
    private const int Each = 20;

    [Fact]
    public Task On_sqlite_a_fence_costs_no_message_and_no_attempt() => FenceAsync(DatabaseProvider.Sqlite);

    [PostgreSqlFact]
    public Task On_postgresql_a_fence_costs_no_message_and_no_attempt() => FenceAsync(DatabaseProvider.PostgreSql);

    [Fact]
    public async Task A_fenced_inbox_in_another_process_is_asked_again_soon_and_no_delivery_counts_as_failed()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        var line = new Line();
        await using var monolith = await Host.StartAsync(database, line, Deployable.Monolith);
        await using var service = await Host.StartAsync(database, line, "Receiver");
        await monolith.MoveAsync("Receiver", Owner.Service);
        await Eventually.TrueAsync(() => Task.FromResult(service.Processes("Receiver")), "the service to process");
        var fence = new Fence(database, "Receiver");

        await fence.RaiseAsync();
        await SpeakAsync(monolith);
        await Eventually.TrueAsync(() => Task.FromResult(line.Arrived.GetValueOrDefault("Receiver") >= 5), "five deliveries to be refused");
        service.Processes("Receiver").ShouldBeFalse();
        (await monolith.InSenderAsync(db => db.Set<OutboxMessage>().Where(m => m.Subscriber == "Receiver").ToListAsync())).ShouldAllBe(m => m.Attempts == 0);
        (await monolith.HeardAsync()).ShouldBeEmpty();

        await fence.LowerAsync();
        await HeardOnceAndInOrderAsync(monolith);
        (await monolith.InSenderAsync(db => db.Set<OutboxMessage>().CountAsync())).ShouldBe(0);
    }

    private static async Task FenceAsync(DatabaseProvider engine)
    {
        await using var database = await TestDatabase.CreateAsync(engine);
        await using var host = await Host.StartAsync(database);
        await Eventually.TrueAsync(() => Task.FromResult(host.Processes("Receiver") && host.Processes("Sender")), "the host to process");
        var (receiver, sender) = (new Fence(database, "Receiver"), new Fence(database, "Sender"));

        // In the middle of it.
        var speaking = SpeakAsync(host);
        await host.HeardCountAsync(10);
        await receiver.RaiseAsync();
        await speaking;
        await Eventually.TrueAsync(() => Task.FromResult(!host.Processes("Receiver")), "the receiver's processing to stop");
        var waiting = await host.OutboxAsync();
        await sender.RaiseAsync();
        await Eventually.TrueAsync(() => Task.FromResult(!host.Processes("Sender")), "the sender's processing to stop");
        (await host.OutboxAsync()).ShouldBeLessThanOrEqualTo(waiting);
        (await host.InSenderAsync(db => db.Set<OutboxMessage>().Where(m => m.Subscriber == "Receiver").ToListAsync())).ShouldAllBe(m => m.Attempts == 0);

        await receiver.LowerAsync();
        await sender.LowerAsync();
        await HeardOnceAndInOrderAsync(host);
        var handled = await host.InboxAsync(InboxState.Handled);
        handled.Count.ShouldBe(Speakers * Each);
        handled.ShouldAllBe(m => m.Attempts == 0 && m.Cause == null);
    }

    private static Task SpeakAsync(Host host) => Task.WhenAll(Enumerable.Range(0, Speakers).Select(async s =>
    {
        for (var i = 0; i < Each; i++)
        {
            await host.SpeakAsync($"speaker {s}", speaker => speaker.Say(1));
        }
    }));

    private static async Task HeardOnceAndInOrderAsync(Host host)
    {
        await Eventually.TrueAsync(async () => (await host.HeardAsync()).Count >= Speakers * Each, "every message to be heard", TimeSpan.FromSeconds(60));
        var heard = await host.HeardAsync();
        heard.Count.ShouldBe(Speakers * Each);
        foreach (var speaker in heard.GroupBy(h => h.Who, StringComparer.Ordinal))
        {
            speaker.Select(h => h.Number).ShouldBe(Enumerable.Range(1, Each), speaker.Key);
        }
    }
}
