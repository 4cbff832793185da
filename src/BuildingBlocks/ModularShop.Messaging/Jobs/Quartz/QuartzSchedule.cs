using Microsoft.Extensions.Logging;
using ModularShop.Modularity.Modules;
using Quartz;
using Quartz.Extensibility;

namespace ModularShop.Messaging;

/// <summary>
/// A module's jobs on Quartz: a scheduler of its own for each time that this process holds the module's lease, so
/// that nobody but the holder asks the store, and what a scheduler knew ends with the lease.
/// </summary>
internal sealed class QuartzSchedule(LoadedModule module, JobRunner runner, QuartzStore store, ILoggerFactory loggers) : IJobSchedule
{
    /// <summary>
    /// Where nothing is stored nobody knows when a job ran last: it runs this soon after the start, or a host that is
    /// restarted every hour would never do what is due every hour.
    /// </summary>
    private static readonly TimeSpan FirstRunInMemory = TimeSpan.FromMinutes(1);

    /// <summary>Where the database is gone nothing can be stored, and the module waits for this to be processed again.</summary>
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, RecurringJob> _jobs = runner.JobsOf(module.Name).ToDictionary(j => j.Name, StringComparer.Ordinal);

    public async Task<IAsyncDisposable> StartAsync(CancellationToken cancellationToken)
    {
        var running = new Running(QuartzSchedulerBuilder.Create(Configure).Build());
        try
        {
            var scheduler = await running.Schedulers.GetScheduler(cancellationToken);
            await AgreeAsync(scheduler, cancellationToken);
            await scheduler.Start(cancellationToken);
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    private void Configure(IQuartzBuilder quartz)
    {
        store.Use(quartz, module.Name, module);
        quartz.UseLogging(loggers);
        quartz.UseJobFactory(new JobFactory(this));
        quartz.ConfigureScheduler(o => o.ShutdownJobInterruption = ShutdownJobInterruption.Always);
    }

    /// <summary>Makes the stored jobs those of this process: what code or configuration has changed is changed, the rest keeps its times.</summary>
    private async Task AgreeAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        var stored = await scheduler.QueryJobs(new JobQuery(), cancellationToken);
        await scheduler.DeleteJobs([.. stored.Items.Select(j => j.Key).Where(key => !_jobs.ContainsKey(key.Name))], cancellationToken);
        foreach (var job in _jobs.Values)
        {
            await AgreeAsync(scheduler, job, cancellationToken);
        }
    }

    private async Task AgreeAsync(IScheduler scheduler, RecurringJob job, CancellationToken cancellationToken)
    {
        var key = new TriggerKey(job.Name);
        var details = JobBuilder.Create<Job>().WithIdentity(job.Name).RequestRecovery().Build();
        var now = scheduler.TimeProvider.GetUtcNow();
        if (await scheduler.GetTrigger(key, cancellationToken) is not ISimpleTrigger stored)
        {
            await scheduler.ScheduleJob(details, Trigger(now + FirstWait(job)), ScheduleJobOptions.Replacing, cancellationToken);
            return;
        }

        await scheduler.AddJob(details, AddJobOptions.ReplacingAndStoringNonDurable, cancellationToken);
        await scheduler.ResetTriggerFromErrorState(key, cancellationToken);
        if (stored.RepeatInterval != job.Every)
        {
            // Counted from the last run: an hour after it where it was a day, even if that is now.
            var next = (stored.PreviousFireTimeUtc ?? now) + job.Every;
            await scheduler.RescheduleJob(key, Trigger(next < now ? now : next), cancellationToken);
        }

        ITrigger Trigger(DateTimeOffset first) => TriggerBuilder.Create(scheduler.TimeProvider)
            .WithIdentity(key).ForJob(details).StartAt(first)
            // Times that nobody was there for are made up for by one run.
            .WithSchedule(SimpleScheduleBuilder.Create().WithInterval(job.Every).RepeatForever().WithMisfireInstruction(SimpleTriggerMisfireInstruction.NowWithExistingCount))
            .Build();
    }

    private TimeSpan FirstWait(RecurringJob job) => store.IsPersistent || job.Every < FirstRunInMemory ? job.Every : FirstRunInMemory;

    private sealed class Running(StandaloneSchedulerFactory schedulers) : IAsyncDisposable
    {
        public StandaloneSchedulerFactory Schedulers => schedulers;

        public async ValueTask DisposeAsync()
        {
            using var limit = new CancellationTokenSource(ShutdownLimit);
            // While its database is away it takes no notice of the token.
            await EndAsync(limit.Token).WaitAsync(limit.Token);
        }

        private async Task EndAsync(CancellationToken cancellationToken)
        {
            await using (schedulers)
            {
                // Stops what runs, waits for it, and stores what was cut short for the next holder, who finds the same
                // after a crash here by looking for hosts that check in no more.
                foreach (var scheduler in await schedulers.GetAllSchedulers(CancellationToken.None))
                {
                    await scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken);
                }
            }
        }
    }

    private sealed class JobFactory(QuartzSchedule schedule) : IJobFactory
    {
        public ValueTask<JobScope> CreateJob(TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(new JobScope(new Job(schedule, bundle.JobDetail.Key.Name)));

        public ValueTask ReturnJob(JobScope jobScope, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }

    [DisallowConcurrentExecution]
    private sealed class Job(QuartzSchedule schedule, string name) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            if (!await schedule.Run(name, cancellationToken))
            {
                // Fired between the loss of the lease and the end of this scheduler, which cuts it short and stores it.
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
        }
    }

    private Task<bool> Run(string job, CancellationToken cancellationToken) => runner.RunAsync(_jobs[job], cancellationToken);
}
