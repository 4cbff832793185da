namespace BuildingBlocks.Tests.Jobs;

/// <summary>Jobs on a server database, which keeps their times.</summary>
[Trait(RunOnly.Trait, RunOnly.OnServers)]
public sealed class StoredJobTests : IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    private readonly Ticks _ticks = new();
    private TestDatabase _database = null!;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async Task InitializeAsync() =>
        _database = await TestDatabase.CreateAsync(TestDatabase.Engine is DatabaseProvider.Sqlite ? DatabaseProvider.PostgreSql : TestDatabase.Engine);

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [ServerFact]
    public async Task An_hourly_job_that_ran_50_minutes_before_a_restart_runs_10_minutes_after_it()
    {
        await using (var first = await _database.StartTickingAsync(_ticks, Hour))
        {
            (await ScheduledAsync(first)).ShouldBe(Now + Hour, AMinute);
            await first.StopAsync();
            await PassAsync(first, TimeSpan.FromMinutes(50));
        }

        await using var second = await _database.StartTickingAsync(_ticks, Hour);
        await RunsAsync(second);

        (await ScheduledAsync(second)).ShouldBe(Now + TimeSpan.FromMinutes(10), AMinute);
        _ticks.Started.ShouldBe(0);
    }

    [ServerFact]
    public async Task Times_that_nobody_was_there_for_are_made_up_for_by_one_run()
    {
        await using (var first = await _database.StartTickingAsync(_ticks, Hour))
        {
            await ScheduledAsync(first);
            await first.StopAsync();
            await PassAsync(first, TimeSpan.FromHours(5));
        }

        await using var second = await _database.StartTickingAsync(_ticks, Hour);
        await _ticks.StartedAsync(1);

        await Eventually.TrueAsync(async () => await ScheduledAsync(second) > Now, "the job to have its next time");
        (await ScheduledAsync(second)).ShouldBe(Now + Hour, AMinute);
        _ticks.Started.ShouldBe(1);
    }

    [ServerFact]
    public async Task A_changed_interval_counts_from_the_last_run()
    {
        await using (var first = await _database.StartTickingAsync(_ticks, TimeSpan.FromDays(1)))
        {
            await ScheduledAsync(first);
            await first.StopAsync();
            await PassAsync(first, TimeSpan.FromDays(1));
        }

        await using (var second = await _database.StartTickingAsync(_ticks, TimeSpan.FromDays(1)))
        {
            await _ticks.StartedAsync(1);
            await second.StopAsync();
            await PassAsync(second, TimeSpan.FromHours(2));
        }

        await using var third = await _database.StartTickingAsync(_ticks, 3 * Hour);
        await Eventually.TrueAsync(async () => await ScheduledAsync(third) < Now + (2 * Hour), "the new interval to hold");

        (await ScheduledAsync(third)).ShouldBe(Now + Hour, AMinute);
        _ticks.Started.ShouldBe(1);
    }

    [ServerFact]
    public async Task An_interval_changed_in_configuration_is_stored()
    {
        await using (var first = await _database.StartTickingAsync(_ticks, Hour))
        {
            (await ScheduledAsync(first, "PurgeInbox")).ShouldBe(Now + Hour, AMinute);
        }

        await using var second = await _database.StartTickingAsync(_ticks, Hour, ("Receiver:Jobs:PurgeInbox", "1.00:00:00"));
        await Eventually.TrueAsync(async () => await ScheduledAsync(second, "PurgeInbox") > Now + (2 * Hour), "the new interval to hold");
        (await ScheduledAsync(second, "PurgeInbox")).ShouldBe(Now + TimeSpan.FromDays(1), AMinute);
    }

    [ServerFact]
    public async Task A_job_that_is_gone_from_the_code_is_gone_from_the_store()
    {
        await using (var with = await _database.StartTickingAsync(_ticks, Hour))
        {
            await ScheduledAsync(with);
        }

        await using var without = await Host.StartAsync(_database);
        await Eventually.TrueAsync(async () => await NextTimesAsync(without, nameof(Tick)) is [], "the job to be forgotten");
        (await NextTimesAsync(without, "PurgeInbox")).ShouldHaveSingleItem();
    }

    [ServerFact]
    public async Task A_run_that_was_cut_short_is_run_again_by_the_next_holder()
    {
        var next = new Ticks();
        await using (var first = await _database.StartTickingAsync(_ticks, Hour))
        {
            await ScheduledAsync(first);
            await first.StopAsync();
            await PassAsync(first, Hour); // a scheduler that runs would look no earlier than it meant to
        }

        _ticks.Does = Ticks.TakesForeverAsync;
        await using var holder = await _database.StartTickingAsync(_ticks, Hour);
        await _ticks.StartedAsync(1);
        await using var other = await _database.StartTickingAsync(next, Hour);

        await holder.StopAsync();

        await next.StartedAsync(1);
        (await ScheduledAsync(other)).ShouldBe(Now + Hour, AMinute);
    }

    [ServerFact]
    public async Task Two_hosts_that_both_believe_to_be_elected_run_a_job_once_at_its_time()
    {
        var every = TimeSpan.FromMilliseconds(300);
        await using var host = await _database.StartTickingAsync(_ticks, every);
        var since = await SinceAsync(host);
        await using var mistaken = await JobScheduling.Create(host.Services, host.Services.GetRequiredService<ModuleRegistry>()["Receiver"]).StartAsync(CancellationToken.None);
        _ticks.Does = token => Ticks.TakesAsync(TimeSpan.FromMilliseconds(50), token);
        await _ticks.StartedAsync(_ticks.Started + 15);

        var started = _ticks.Started;
        started.ShouldBeLessThanOrEqualTo((int)((Now - since) / every) + 1);
        _ticks.Overlapped.ShouldBeFalse();
    }

    [PostgreSqlFact]
    public async Task Jobs_go_on_when_the_database_was_away()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var database = await TestDatabase.OnAsync(server);
        await using var host = await database.StartTickingAsync(_ticks, TimeSpan.FromMilliseconds(200));
        await _ticks.StartedAsync(3);

        await server.StopAsync();
        await Eventually.TrueAsync(() => Task.FromResult(!host.Processes()), "the lease to be lost");
        await server.StartAgainAsync();

        await _ticks.StartedAsync(_ticks.Started + 3);
    }

    [ServerFact]
    public async Task A_database_that_has_the_tables_is_left_alone_when_they_are_made_again()
    {
        await using var host = await _database.StartTickingAsync(_ticks, Hour);
        var next = await ScheduledAsync(host);
        foreach (var tables in host.Services.GetServices<IModuleTables>())
        {
            await tables.MakeAsync(host.Services.GetRequiredService<ModuleRegistry>()["Receiver"], CancellationToken.None);
        }

        (await ScheduledAsync(host)).ShouldBe(next);
    }

    /// <summary>When the job runs next, as the database has it.</summary>
    private static async Task<DateTimeOffset> ScheduledAsync(Host host, string job = nameof(Tick))
    {
        List<long> times = [];
        await Eventually.TrueAsync(async () => (times = await NextTimesAsync(host, job)).Count > 0, $"{job} to be scheduled");
        return new DateTimeOffset(times.ShouldHaveSingleItem(), TimeSpan.Zero);
    }

    /// <summary>The first time that the job was scheduled for.</summary>
    private static async Task<DateTimeOffset> SinceAsync(Host host)
    {
        await ScheduledAsync(host);
        return new DateTimeOffset(
            await host.InReceiverAsync(db => db.Database.SqlQueryRaw<long>("SELECT start_time AS \"Value\" FROM receiver.qrtz_triggers WHERE job_name = 'Tick'").SingleAsync()), TimeSpan.Zero);
    }

    private static Task<List<long>> NextTimesAsync(Host host, string job) => host.InReceiverAsync(db => db.Database.SqlQueryRaw<long>(
        "SELECT next_fire_time AS \"Value\" FROM receiver.qrtz_triggers WHERE job_name = {0} AND trigger_group = 'DEFAULT'", job).ToListAsync());

    /// <summary>Makes the stored times older: as much time has passed.</summary>
    private static Task PassAsync(Host host, TimeSpan time) => host.InReceiverAsync(db => db.Database.ExecuteSqlRawAsync(
        "UPDATE receiver.qrtz_triggers SET next_fire_time = next_fire_time - {0}, start_time = start_time - {0}, prev_fire_time = CASE WHEN prev_fire_time > 0 THEN prev_fire_time - {0} ELSE prev_fire_time END",
        time.Ticks));

    /// <summary>Until the module's jobs run there.</summary>
    private static Task RunsAsync(Host host) => Eventually.TrueAsync(
        async () => host.Processes() && await host.InReceiverAsync(db => db.Database.SqlQueryRaw<int>("SELECT count(*) AS \"Value\" FROM receiver.qrtz_scheduler_state").SingleAsync()) > 0,
        "the schedule to run");
}

/// <summary>Needs a server: that of this test run, or else PostgreSQL.</summary>
public sealed class ServerFactAttribute : FactAttribute
{
    public ServerFactAttribute()
    {
        if (TestDatabase.Engine is DatabaseProvider.Sqlite)
        {
            Skip = PostgreSqlServer.Missing;
        }
    }
}
