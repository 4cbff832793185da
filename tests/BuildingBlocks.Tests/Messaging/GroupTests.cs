using BuildingBlocks.Tests.Receiver;

namespace BuildingBlocks.Tests.Messaging;

/// <summary>Messages that share a transaction, and a save where none of them reads.</summary>
public sealed class GroupTests : WithDatabases
{
    [Fact]
    public async Task A_handler_that_asks_the_database_sees_what_the_handlers_before_it_in_the_group_have_changed()
    {
        await using (var stopped = await Host.BuildAsync(Database))
        {
            for (var i = 0; i < 20; i++)
            {
                await stopped.SpeakAsync($"speaker {i}", speaker =>
                {
                    speaker.Say(2);
                    speaker.Ask();
                });
            }
        }

        await using var host = await Host.StartAsync(Database);
        await host.HeardCountAsync(60);
        var heard = await host.HeardAsync();
        heard.Count.ShouldBe(60);
        var asked = heard.Where(h => h.Who == "asked").ToList();
        asked.Count.ShouldBe(20);
        asked.ShouldAllBe(h => h.Number == heard.IndexOf(h));
    }

    [Fact]
    public async Task A_group_that_takes_long_is_committed_in_parts()
    {
        await using (var stopped = await Host.BuildAsync(Database))
        {
            await stopped.SpeakAsync("ann", ann =>
            {
                ann.Say(30, Behaviour.TakesItsTime);
                ann.Say(1, Behaviour.LastsUntilAllowed);
            });
        }

        await using var host = await Host.StartAsync(Database);
        await host.HeardCountAsync(1);
        (await host.HeardAsync()).Count.ShouldBeLessThan(31);
        host.Listening.MayEnd.SetResult();
        await host.HeardCountAsync(31);
        (await host.HeardAsync()).Select(h => h.Number).ShouldBe(Enumerable.Range(1, 31));
    }
}
