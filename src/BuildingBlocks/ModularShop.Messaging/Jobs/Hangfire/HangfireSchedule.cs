using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Modularity.Modules;

namespace ModularShop.Messaging;

/// <summary>
/// A module's jobs on Hangfire: a queue named after the module, and a server that works on it while this process holds
/// the module's lease. Runs wait in the queue where nobody does.
/// </summary>
internal sealed class HangfireSchedule(LoadedModule module, JobRunner runner, JobStorage storage, IServiceScopeFactory scopes) : IJobSchedule
{
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(3);

    private readonly IReadOnlyList<RecurringJob> _jobs = runner.JobsOf(module.Name);

    public Task<IAsyncDisposable> StartAsync(CancellationToken cancellationToken)
    {
        Agree();
        var server = new BackgroundJobServer(
            new BackgroundJobServerOptions
            {
                ServerName = $"{Environment.MachineName}:{module.Schema}",
                Queues = [module.Schema],
                WorkerCount = Math.Max(1, _jobs.Count),
                SchedulePollingInterval = TimeSpan.FromSeconds(1),
                StopTimeout = TimeSpan.Zero, // what runs is cut short at once, and given back to the queue
                ShutdownTimeout = ShutdownLimit,
                Activator = new AspNetCoreJobActivator(scopes),
            },
            storage);
        return Task.FromResult<IAsyncDisposable>(new Running(server));
    }

    /// <summary>Makes the stored jobs of the module those of this process.</summary>
    private void Agree()
    {
        var manager = new RecurringJobManager(storage);
        var ids = _jobs.ToDictionary(j => $"{module.Schema}.{j.Name}", StringComparer.Ordinal);
        using (var connection = storage.GetConnection())
        {
            foreach (var stored in connection.GetRecurringJobs().Where(j => j.Id.StartsWith($"{module.Schema}.", StringComparison.Ordinal) && !ids.ContainsKey(j.Id)))
            {
                manager.RemoveIfExists(stored.Id);
            }
        }

        foreach (var (id, job) in ids)
        {
            // Hangfire fills in context and token. Times that nobody was there for are made up for by one run.
            manager.AddOrUpdate<HangfireJob>(
                id, module.Schema, j => j.RunAsync(job.Module, job.Name, null!, CancellationToken.None), HangfireCron.Of(job.Every),
                new RecurringJobOptions { TimeZone = TimeZoneInfo.Utc, MisfireHandling = MisfireHandlingMode.Relaxed });
        }
    }

    private sealed class Running(BackgroundJobServer server) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            using (server)
            {
                server.SendStop();
                using var limit = new CancellationTokenSource(ShutdownLimit);
                await server.WaitForShutdownAsync(limit.Token);
            }
        }
    }
}
