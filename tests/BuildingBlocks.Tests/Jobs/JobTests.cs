namespace BuildingBlocks.Tests.Jobs;

public sealed class JobTests : WithDatabases
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(100);

    /// <summary>Given back, not waited for.</summary>
    private static readonly (string Key, string Value) LongLease = ("Messaging:LeaseSeconds", "10");

    [Fact]
    public async Task Of_two_hosts_the_one_that_processes_the_module_runs_its_jobs_and_the_other_takes_over()
    {
        Ticks first = new(), second = new();
        await using var holder = await Database.StartTickingAsync(first, Often, LongLease);
        await first.StartedAsync(1);
        await using var other = await Database.StartTickingAsync(second, Often, LongLease);
        await first.StartedAsync(first.Started + 10);
        other.Processes().ShouldBeFalse();
        second.Started.ShouldBe(0);

        await holder.StopAsync();
        var last = first.Started;
        await second.StartedAsync(5);

        first.Started.ShouldBe(last);
        (first.Overlapped || second.Overlapped).ShouldBeFalse();
    }

    [Fact]
    public async Task A_run_that_fails_does_not_stop_the_schedule()
    {
        var ticks = new Ticks { Does = _ => throw new InvalidOperationException("Not today.") };
        await using var host = await Database.StartTickingAsync(ticks, Often);
        await ticks.StartedAsync(3);
        ticks.Does = _ => Task.CompletedTask;
        await ticks.StartedAsync(ticks.Started + 3);
    }

    [Fact]
    public async Task A_run_that_takes_longer_than_the_interval_is_not_started_beside_itself()
    {
        var ticks = new Ticks { Does = token => Ticks.TakesAsync(TimeSpan.FromMilliseconds(350), token) };
        await using var host = await Database.StartTickingAsync(ticks, Often);
        await ticks.StartedAsync(4);
        ticks.Overlapped.ShouldBeFalse();
    }

    [Fact]
    public async Task An_orderly_stop_ends_a_run_that_is_under_way()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ticks = new Ticks
        {
            Does = async token =>
            {
                try
                {
                    await Ticks.TakesForeverAsync(token);
                }
                finally
                {
                    ended.TrySetResult();
                }
            },
        };
        // Whoever waited for the run would wait for an hour.
        await using var host = await Database.StartTickingAsync(ticks, Often, ("shutdownTimeoutSeconds", "3600"));
        await ticks.StartedAsync(1);

        await host.StopAsync().WaitAsync(Eventually.Patience);

        ended.Task.IsCompleted.ShouldBeTrue();
    }
}
