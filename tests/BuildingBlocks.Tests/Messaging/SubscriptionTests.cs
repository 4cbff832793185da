using Microsoft.Extensions.Diagnostics.HealthChecks;
using ModularShop.Modularity.Deployables;

namespace BuildingBlocks.Tests.Messaging;

/// <summary>A service knows from the monolith who takes its messages.</summary>
[Trait(RunOnly.Trait, RunOnly.Once)]
public sealed class SubscriptionTests : WithDatabases
{
    private readonly Line _line = new();

    [Fact]
    public async Task What_a_service_publishes_reaches_the_subscribers_in_the_monolith()
    {
        await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith);
        await using var service = await Host.StartAsync(Database, _line, "Sender");
        await monolith.MoveAsync("Sender", Owner.Service);
        await service.SpeakAsync("ann", ann =>
        {
            ann.Say(2);
            ann.Whisper();
            ann.SayNothingOfInterest();
        });
        await monolith.HeardCountAsync(3);
        await Eventually.TrueAsync(async () => await monolith.OverheardAsync() == 2, "the bystander to hear what was said aloud");
        await Eventually.TrueAsync(async () => await service.OutboxAsync() == 0, "an empty outbox");
        _line.Arrived[Deployable.Monolith].ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Until_it_knows_a_service_is_not_ready_writes_nothing_and_processes_nothing()
    {
        await using (var before = await Host.BuildAsync(Database, services => services.AddSingleton(new Deployable("Sender"))))
        {
            await before.MoveAsync("Sender", Owner.Service);
        }

        await using (var service = await Host.StartAsync(Database, _line, "Sender"))
        {
            (await HealthAsync(service)).ShouldBe(HealthStatus.Unhealthy);
            await Should.ThrowAsync<NotReadyException>(() => service.SpeakAsync("ann", ann => ann.Say(1)));
            service.Processes("Sender").ShouldBeFalse();
            (await service.OutboxAsync()).ShouldBe(0);

            await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith);
            await Eventually.TrueAsync(async () => await HealthAsync(service) is HealthStatus.Healthy, "the service to be ready");
            await service.SpeakAsync("ann", ann => ann.Say(1));
            await monolith.HeardCountAsync(1);
            await Eventually.TrueAsync(async () => await service.OutboxAsync() == 0, "an empty outbox");
        }

        // The monolith is down again; what it said is kept.
        await using var again = await Host.StartAsync(Database, _line, "Sender");
        (await HealthAsync(again)).ShouldBe(HealthStatus.Healthy);
        await again.SpeakAsync("ann", ann => ann.Say(1));
        (await again.OutboxAsync()).ShouldBe(2);
        await using var back = await Host.StartAsync(Database, _line, Deployable.Monolith);
        await back.HeardCountAsync(2);
        (await back.HeardAsync()).Select(h => h.Number).ShouldBe([1, 2]);
    }

    private static async Task<HealthStatus> HealthAsync(Host host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(c => c.Name == "subscribers")).Status;
}
