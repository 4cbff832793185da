namespace BuildingBlocks.Tests.Messaging;

public sealed class ClockTests : WithDatabases
{
    [Fact]
    public async Task A_clock_that_goes_back_delays_neither_a_message_that_is_tried_again_nor_those_behind_it()
    {
        await using var host = await Host.StartAsync(Database, settings: [("Messaging:RetryBaseMilliseconds", "60000"), ("Messaging:RetryMaxSeconds", "60")]);
        await host.SpeakAsync("ann", ann =>
        {
            ann.Say(1, Behaviour.FailsUntilAllowed);
            ann.Say(2);
            ann.RemindAt(host.Clock.GetUtcNow().AddMinutes(1));
        });
        await Eventually.TrueAsync(
            async () =>
            {
                var pending = await host.InboxAsync(InboxState.Pending);
                return pending.Count == 3 && pending[0].Attempts == 1 && pending.All(m => m.DueAt == pending[0].DueAt);
            },
            "two messages to wait behind the one that failed");
        host.Listening.FailuresMaySucceed = true;
        host.Clock.Advance(TimeSpan.FromHours(-1));
        await host.HeardCountAsync(3);
        (await host.HeardAsync()).Select(h => h.Number).ShouldBe([1, 2, 3]);
        (await host.InSenderAsync(db => db.Set<Sender.Speaker>().AnyAsync(s => s.WasReminded))).ShouldBeFalse("what was scheduled stays");
    }
}
