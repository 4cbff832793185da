using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ModularShop.Messaging;

/// <summary>Runs a job now, if this process holds its module's lease.</summary>
internal sealed class JobRunner(IEnumerable<RecurringJob> jobs, IServiceProvider services, IServiceScopeFactory scopes, ILogger<JobRunner> logger)
{
    private readonly ILookup<string, RecurringJob> _jobs = jobs.ToLookup(j => j.Module, StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<RecurringJob> JobsOf(string module) => [.. _jobs[module]];

    /// <summary>False where another process does the module's work. A failure is logged; the next run is tried all the same.</summary>
    /// <exception cref="OperationCanceledException">The run was cut short.</exception>
    public async Task<bool> RunAsync(RecurringJob job, CancellationToken cancellationToken)
    {
        try
        {
            return await RunOnceAsync(job, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            MessagingLog.JobFailed(logger, e, job.Module, job.Name);
            return true;
        }
    }

    /// <summary>The same, with the job's own exceptions.</summary>
    public async Task<bool> RunOnceAsync(RecurringJob job, CancellationToken cancellationToken)
    {
        if (services.GetRequiredKeyedService<ModuleProcessor>(job.Module).Lease is null)
        {
            return false;
        }

        await using var scope = scopes.CreateAsyncScope();
        await ((IRecurringJob)scope.ServiceProvider.GetRequiredService(job.Type)).RunAsync(cancellationToken);
        return true;
    }
}
