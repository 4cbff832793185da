using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quartz;

namespace ModularShop.Messaging;

/// <summary>The recurring jobs on Quartz: registers every job's schedule before the scheduler starts.</summary>
internal sealed class QuartzSchedule(ISchedulerFactory schedulers, JobRunner runner) : IHostedService
{
    public static void Add(IServiceCollection services)
    {
        services.AddHostedService<QuartzSchedule>();
        services.AddQuartz(quartz => quartz.UseInMemoryStore());
        services.AddQuartzHostedService(o => o.WaitForJobsToComplete = true);
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        foreach (var job in runner.Jobs)
        {
            var key = new JobKey(job.Name, job.Module);
            var trigger = TriggerBuilder.Create()
                .WithIdentity(job.Name, job.Module)
                .WithSimpleSchedule(s => s.WithInterval(job.Every).RepeatForever())
                .StartAt(TimeProvider.System.GetUtcNow() + job.Every)
                .Build();
            await scheduler.ScheduleJob(JobBuilder.Create<QuartzJob>().WithIdentity(key).Build(), trigger, cancellationToken: cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [DisallowConcurrentExecution]
    internal sealed class QuartzJob(JobRunner runner) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            var key = context.JobDetail.Key;
            var job = runner.Jobs.Single(j => j.Module == key.Group && j.Name == key.Name);
            await runner.RunAsync(job, cancellationToken);
        }
    }
}
