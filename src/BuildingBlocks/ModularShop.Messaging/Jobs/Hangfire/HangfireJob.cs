using System.Collections.Concurrent;
using Hangfire;
using Hangfire.Server;

namespace ModularShop.Messaging;

/// <summary>What Hangfire stores of a recurring job: this method with the job's module and name.</summary>
internal sealed class HangfireJob(JobRunner runner, HangfireRuns runs)
{
    /// <summary>Not repeated where it fails: the next time comes, and a run looks for whatever is due.</summary>
    [DisableConcurrentExecution("{0}.{1}", 5)]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task RunAsync(string module, string name, PerformContext context, CancellationToken cancellationToken)
    {
        if (runner.JobsOf(module).SingleOrDefault(j => j.Name == name) is not { } job || runs.HasRunSince(job, context.BackgroundJob.CreatedAt))
        {
            return;
        }

        if (!await runner.RunAsync(job, cancellationToken))
        {
            // Fetched between the loss of the lease and the end of this server, which gives it back to the queue.
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }
}

/// <summary>
/// Any server puts the runs that are due into the queues of all modules. Where nobody took a module's for a while they
/// have piled up, and one run does the work of all that were asked for before it started.
/// </summary>
internal sealed class HangfireRuns
{
    private readonly ConcurrentDictionary<RecurringJob, DateTime> _started = new();

    /// <summary>Whether a run of this process started after <paramref name="asked"/>; where none did, this one does now.</summary>
    public bool HasRunSince(RecurringJob job, DateTime asked)
    {
        if (_started.TryGetValue(job, out var started) && started > asked)
        {
            return true;
        }

        _started[job] = TimeProvider.System.GetUtcNow().UtcDateTime;
        return false;
    }
}
