using BuildingBlocks.Tests.Sender;

namespace BuildingBlocks.Tests.Modularity;

public sealed class UnitOfWorkTests : WithDatabases
{
    [Fact]
    public async Task A_command_that_somebody_else_outran_runs_again_on_fresh_data()
    {
        await using var host = await Host.BuildAsync(Database);
        await host.SpeakAsync("ann", ann => ann.Say(1));
        var runs = host.Services.GetRequiredService<SpeakHandler.Runs>();
        runs.BeforeSave = async () =>
        {
            runs.BeforeSave = () => Task.CompletedTask;
            await host.SpeakAsync("ann", ann => ann.Say(1));
        };
        (await host.SendAsync(new Speak("ann", 1))).Value.ShouldBe(3);
        runs.Count.ShouldBe(2);
        (await host.InSenderAsync(db => db.Set<OutboxMessage>().Where(m => m.Subscriber == "Receiver").CountAsync())).ShouldBe(3);
    }

    [Fact]
    public async Task A_command_whose_key_somebody_else_took_runs_again_and_finds_theirs()
    {
        await using var host = await Host.BuildAsync(Database);
        var runs = host.Services.GetRequiredService<SpeakHandler.Runs>();
        runs.BeforeSave = async () =>
        {
            runs.BeforeSave = () => Task.CompletedTask;
            await host.SpeakAsync("ann", ann => ann.Say(4));
        };
        (await host.SendAsync(new Speak("ann", 1))).Value.ShouldBe(5);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_reported_at_once()
    {
        await using var host = await Host.BuildAsync(Database);
        var error = (await host.SendAsync(new Speak("", 0))).Error.ShouldNotBeNull();
        error.Code.ShouldBe("request.invalid");
        error.Fields.Keys.Order(StringComparer.Ordinal).ShouldBe(["name", "times"]);
        host.Services.GetRequiredService<SpeakHandler.Runs>().Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_change_of_an_owned_row_is_a_change_of_its_aggregate()
    {
        await using var host = await Host.BuildAsync(Database);
        await host.SpeakAsync("ann", ann => ann.TakeNote("first"));
        (await VersionAsync()).ShouldBe(1);
        await host.SpeakAsync("ann", ann => ann.TakeNote("second"));
        (await VersionAsync()).ShouldBe(2);
        await host.SpeakAsync("ann", ann => ann.Notes[0].Text = "changed");
        (await VersionAsync()).ShouldBe(3);
        await host.SpeakAsync("ann", _ => { });
        (await VersionAsync()).ShouldBe(3);

        Task<long> VersionAsync() => host.InSenderAsync(db => db.Set<Speaker>().Select(s => s.Version).SingleAsync());
    }

    [Fact]
    public async Task Concurrent_changes_of_one_aggregate_are_all_kept()
    {
        await using var host = await Host.BuildAsync(Database);
        await host.SpeakAsync("ann", _ => { });
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => host.SendAsync(new Speak("ann", 1)))));
        var spoken = outcomes.Count(o => o.Error is null);
        outcomes.Where(o => o.Error is not null).ShouldAllBe(o => o.Error!.Code == "request.conflict");
        (await host.InSenderAsync(db => db.Set<Speaker>().Select(s => s.Said).SingleAsync())).ShouldBe(spoken);
    }

    [Fact]
    public async Task An_instant_keeps_its_microseconds_and_nothing_finer()
    {
        await using var host = await Host.BuildAsync(Database);
        var due = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(2)).AddTicks(1234567);
        await host.SpeakAsync("ann", ann => ann.RemindAt(due));
        (await host.InSenderAsync(db => db.Set<InboxMessage>().Select(m => m.DueAt).SingleAsync()))
            .ShouldBe(new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.Zero).AddTicks(1234560));
    }
}
