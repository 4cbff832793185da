using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ModularShop.Messaging;

/// <summary>Runs a job now, if this process holds its module's lease.</summary>
internal sealed class JobRunner(IEnumerable<RecurringJob> jobs, IServiceProvider services, IServiceScopeFactory scopes, ILogger<JobRunner> logger)
{
    private readonly ILookup<string, RecurringJob> _jobs = jobs.ToLookup(j => j.Module, StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<RecurringJob> JobsOf(string module) => [.. _jobs[module]];

    /// <summary>False where another process does the module's work.</summary>
    /// <exception cref="OperationCanceledException">The run was cut short.</exception>
    public async Task<bool> RunAsync(RecurringJob job, CancellationToken cancellationToken)
    {
        if (services.GetRequiredKeyedService<ModuleProcessor>(job.Module).Lease is null)
        {
            return false;
        }

        await using var scope = scopes.CreateAsyncScope();
        try
        {
            await ((IRecurringJob)scope.ServiceProvider.GetRequiredService(job.Type)).RunAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            MessagingLog.JobFailed(logger, e, job.Module, job.Name);
        }

        return true;
    }
}
