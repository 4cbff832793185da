namespace BuildingBlocks.Tests.Messaging;

/// <summary>More than there is room for, longer than is fair, and a clock that goes back.</summary>
public sealed class PressureTests : WithDatabases
{
    [Fact]
    public async Task What_a_full_inbox_has_no_room_for_waits_in_the_outbox_and_others_get_theirs()
    {
        await using var host = await Host.StartAsync(Database, settings: [("Messaging:MaxPending", "100"), ("Messaging:BatchSize", "10"), ("Messaging:RetryMaxSeconds", "1"), ("Messaging:MaxAttempts", "100")]);
        await host.SpeakAsync("ann", ann => ann.Say(300, Behaviour.FailsUntilAllowed));
        await Eventually.TrueAsync(async () => await host.OverheardAsync() == 300, "the bystander to hear everything");
        // Two counts, and between them what has just been delivered is in both.
        await Eventually.TrueAsync(
            async () => await host.OutboxAsync() is var outside && (await host.InboxAsync(InboxState.Pending)).Count is >= 100 and <= 160 and var inside && inside + outside == 300,
            "the inbox to be full, give or take a delivery, and the others to wait in the outbox");

        host.Listening.FailuresMaySucceed = true;
        await host.HeardCountAsync(300);
        (await host.HeardAsync()).Select(h => h.Number).ShouldBe(Enumerable.Range(1, 300));
    }

    [Fact]
    public async Task A_subject_with_a_thousand_messages_lets_the_others_have_their_turn()
    {
        await using (var stopped = await Host.BuildAsync(Database))
        {
            await stopped.SpeakAsync("ann", ann => ann.Say(1000));
            await stopped.SpeakAsync("bob", bob => bob.Say(1));
        }

        await using var host = await Host.StartAsync(Database, settings: ("Messaging:BatchSize", "10"));
        await host.HeardCountAsync(1001);
        var heard = await host.HeardAsync();
        heard.FindIndex(h => h.Who == "bob").ShouldBeLessThan(500);
        heard.Where(h => h.Who == "ann").Select(h => h.Number).ShouldBe(Enumerable.Range(1, 1000));
    }

    [Fact]
    public async Task A_clock_that_goes_back_delays_nothing_that_had_arrived()
    {
        await using var host = await Host.StartAsync(Database, settings: ("Messaging:RetryBaseMilliseconds", "60000"));
        host.Clock.Advance(TimeSpan.FromDays(1));
        await host.SpeakAsync("ann", ann => ann.Say(1, Behaviour.FailsUntilAllowed));
        await Eventually.TrueAsync(async () => (await host.InboxAsync(InboxState.Pending)) is [{ Attempts: 1 }], "the first attempt");

        host.Listening.FailuresMaySucceed = true;
        host.Clock.Advance(TimeSpan.FromDays(-1));
        await host.HeardCountAsync(1);
    }

    [Fact]
    public async Task A_lease_from_before_the_clock_went_back_does_not_outlive_its_holder()
    {
        await using var host = await Host.BuildAsync(Database);
        var leases = host.Services.GetRequiredKeyedService<LeaseStore>("Receiver");
        (await leases.AcquireAsync("killed", TimeSpan.FromDays(1), CancellationToken.None)).ShouldNotBeNull();
        (await leases.AcquireAsync("successor", TimeSpan.FromSeconds(3), CancellationToken.None)).ShouldNotBeNull().Token.ShouldBe(2);
    }
}
