using BuildingBlocks.Tests.Receiver;
using ModularShop.Modularity.Deployables;

namespace BuildingBlocks.Tests.Messaging;

/// <summary>The receiver's processing moves between the monolith and its service, which share its database.</summary>
public sealed class MovingTests : WithDatabases
{
    private const int Speakers = 8;

    private readonly Line _line = new();

    [Fact]
    public async Task Whoever_is_not_the_owner_gets_no_lease_whatever_it_believes()
    {
        await using var monolith = await Host.BuildAsync(Database);
        await using var service = await Host.BuildAsync(Database, services => services.AddSingleton(new Deployable("Receiver")));
        (await LeaseAsync(service)).ShouldBeNull();
        var held = (await LeaseAsync(monolith)).ShouldNotBeNull();

        await service.MoveAsync("Receiver", Owner.Service);
        monolith.Services.GetRequiredService<Ownerships>().IsHere("Receiver").ShouldBeTrue("it has not heard of the change");
        (await LeaseAsync(monolith)).ShouldBeNull();
        await monolith.Services.GetRequiredKeyedService<LeaseStore>("Receiver").ReleaseAsync(held, CancellationToken.None);
        (await LeaseAsync(service)).ShouldNotBeNull().Token.ShouldBe(held.Token + 1);

        static Task<HeldLease?> LeaseAsync(Host host) =>
            host.Services.GetRequiredKeyedService<LeaseStore>("Receiver").AcquireAsync($"{host.GetHashCode()}", TimeSpan.FromMinutes(1), CancellationToken.None);
    }

    [Fact]
    public async Task While_the_owner_changes_again_and_again_every_message_is_handled_once_and_in_order()
    {
        await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith);
        await using var service = await Host.StartAsync(Database, _line, "Receiver");
        var speaking = SpeakAsync(monolith, each: 50);
        var moves = 0;
        while (!speaking.IsCompleted || moves < 6)
        {
            var (owner, host) = ++moves % 2 == 1 ? (Owner.Service, service) : (Owner.Monolith, monolith);
            await monolith.MoveAsync("Receiver", owner);
            if (moves % 3 == 0)
            {
                // Mostly it changes again before the new owner has begun.
                await Eventually.TrueAsync(() => Task.FromResult(host.Processes("Receiver")), "the new owner to process");
            }
        }

        await speaking;
        await HeardOnceAndInOrderAsync(monolith, each: 50);
        moves.ShouldBeGreaterThanOrEqualTo(6);
        _line.Arrived.GetValueOrDefault("Receiver").ShouldBeGreaterThan(0, "something went over HTTP");
        await Eventually.TrueAsync(async () => await monolith.OutboxAsync() == 0, "an empty outbox");
    }

    [Fact]
    public async Task What_a_stopped_service_leaves_its_next_owner_handles()
    {
        await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith);
        await using (var service = await Host.StartAsync(Database, _line, "Receiver"))
        {
            await monolith.MoveAsync("Receiver", Owner.Service);
            var speaking = SpeakAsync(monolith, each: 20);
            await service.HeardCountAsync(20);
            await service.StopAsync();
            await speaking;
        }

        await Eventually.TrueAsync(async () => await monolith.OverheardAsync() == Speakers * 20, "the bystander to hear it all meanwhile");
        await monolith.MoveAsync("Receiver", Owner.Monolith);
        await HeardOnceAndInOrderAsync(monolith, each: 20);
    }

    [Fact]
    public async Task A_service_that_comes_up_later_gets_what_waited_for_it()
    {
        await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith);
        await monolith.MoveAsync("Receiver", Owner.Service);
        await SpeakAsync(monolith, each: 5);
        await Eventually.TrueAsync(async () => await monolith.OverheardAsync() == Speakers * 5, "the bystander to hear it");
        (await monolith.HeardAsync()).ShouldBeEmpty();

        await using var service = await Host.StartAsync(Database, _line, "Receiver");
        await HeardOnceAndInOrderAsync(service, each: 5);
    }

    private static Task SpeakAsync(Host host, int each) => Task.WhenAll(Enumerable.Range(0, Speakers).Select(async s =>
    {
        for (var i = 0; i < each; i++)
        {
            await host.SpeakAsync($"speaker {s}", speaker => speaker.Say(1));
        }
    }));

    private static async Task HeardOnceAndInOrderAsync(Host host, int each)
    {
        await Eventually.TrueAsync(async () => (await host.HeardAsync()).Count >= Speakers * each, "every message to be heard", TimeSpan.FromSeconds(60));
        var heard = await host.HeardAsync();
        heard.Count.ShouldBe(Speakers * each);
        foreach (var speaker in heard.GroupBy(h => h.Who, StringComparer.Ordinal))
        {
            speaker.Select(h => h.Number).ShouldBe(Enumerable.Range(1, each), speaker.Key);
        }
    }
}
