using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;

namespace ModularShop.Messaging;

/// <summary>Runs a job now, if this process holds its module's lease.</summary>
internal sealed class JobRunner(
    IEnumerable<RecurringJob> jobs, IServiceProvider services, IServiceScopeFactory scopes, Ownerships ownerships, OwnershipStore store, ILogger<JobRunner> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ILookup<string, RecurringJob> _jobs = jobs.ToLookup(j => j.Module, StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<RecurringJob> JobsOf(string module) => [.. _jobs[module]];

    /// <summary>False where another process does the module's work. A failure is logged; the next run is tried all the same.</summary>
    /// <exception cref="OperationCanceledException">The run was cut short.</exception>
    public async Task<bool> RunAsync(RecurringJob job, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    return await RunOnceAsync(job, cancellationToken);
                }
                catch (Exception e) when (e.IsModuleMoved())
                {
                    // A run looks for what is due: it goes on here where the owner stays who it was, and else there.
                    await store.RefreshAsync(job.Module, cancellationToken);
                    await ownerships.WaitAsync(job.Module, o => !o.IsFenced, Patience, cancellationToken);
                    if (!ownerships.IsOpenHere(job.Module))
                    {
                        return false;
                    }
                }
            }
        }
        catch (Exception e) when (e.IsCancelled(cancellationToken))
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (Exception e)
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
