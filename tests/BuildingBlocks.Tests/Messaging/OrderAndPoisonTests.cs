namespace BuildingBlocks.Tests.Messaging;

public sealed class OrderAndPoisonTests : WithDatabases
{
    [Fact]
    public async Task A_subject_is_handled_in_sequence_whatever_fails_on_the_way()
    {
        await using var host = await Host.StartAsync(Database, settings: ("Messaging:MaxAttempts", "100"));
        await host.SpeakAsync("ann", ann =>
        {
            ann.Say(1);
            ann.Say(1, Behaviour.FailsUntilAllowed);
        });
        for (var i = 0; i < 20; i++)
        {
            await host.SpeakAsync("ann", ann => ann.Say(1));
        }

        await host.SpeakAsync("bob", bob => bob.Say(3));
        await Eventually.TrueAsync(async () => (await host.HeardAsync()).Count(h => h.Who == "bob") == 3, "bob, whom ann's failure does not concern");
        (await host.HeardAsync()).Count(h => h.Who == "ann").ShouldBe(1);
        host.Listening.FailuresMaySucceed = true;
        await host.HeardCountAsync(25);
        (await host.HeardAsync()).Where(h => h.Who == "ann").Select(h => h.Number).ShouldBe(Enumerable.Range(1, 22));
    }

    [Fact]
    public async Task A_poison_message_becomes_a_dead_letter_and_its_subject_goes_on()
    {
        await using var host = await Host.StartAsync(Database);
        await host.SpeakAsync("ann", ann =>
        {
            ann.Say(1, Behaviour.FailsUntilAllowed);
            ann.Say(2);
        });
        await host.HeardCountAsync(2);
        (await host.HeardAsync()).Select(h => h.Number).ShouldBe([2, 3]);
        var dead = (await host.InboxAsync(InboxState.Dead)).ShouldHaveSingleItem();
        dead.Attempts.ShouldBe(4);
        dead.LastError.ShouldNotBeNull().ShouldContain("ann 1 is poison");
        // Once more than the attempts that count: the first was in a group, whose failure counts for nobody.
        host.Listening.Attempts[dead.MessageId].ShouldBe(5);
    }

    [Fact]
    public async Task Many_subjects_are_all_handled_and_each_in_order()
    {
        await using var host = await Host.StartAsync(Database);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async s =>
        {
            for (var i = 0; i < 25; i++)
            {
                await host.SpeakAsync($"speaker {s}", speaker => speaker.Say(2));
            }
        }));
        await host.HeardCountAsync(1000);
        var heard = await host.HeardAsync();
        heard.Count.ShouldBe(1000);
        foreach (var speaker in heard.GroupBy(h => h.Who, StringComparer.Ordinal))
        {
            speaker.Select(h => h.Number).ShouldBe(Enumerable.Range(1, 50), speaker.Key);
        }
    }

    [Fact]
    public async Task Sequence_decides_and_not_the_clock()
    {
        // The second message bears an earlier time, as from a host whose clock is behind.
        await using (var stopped = await Host.BuildAsync(Database))
        {
            stopped.Clock.Advance(TimeSpan.FromHours(1));
            await stopped.SpeakAsync("ann", ann => ann.Say(1));
            stopped.Clock.Advance(TimeSpan.FromHours(-2));
            await stopped.SpeakAsync("ann", ann => ann.Say(1));
        }

        await using var host = await Host.StartAsync(Database, settings: ("Messaging:BatchSize", "1"));
        await host.HeardCountAsync(2);
        (await host.HeardAsync()).Select(h => h.Number).ShouldBe([1, 2]);
    }
}
