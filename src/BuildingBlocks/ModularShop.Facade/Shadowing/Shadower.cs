using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ModularShop.Facade;

/// <summary>Asks the services what the monolith has answered, and compares.</summary>
/// <remarks>
/// :: Step 1: the service is asked; an answer that is equal is done. The data may have changed between the two answers, so
/// :: Step 2: the monolith is asked again: if it now says what the service said, they agree. :: Step 3: the service is
/// asked again, and only what still differs counts.
/// </remarks>
internal sealed class Shadower(
    ShadowQueue queue, EndpointInventory inventory, RoutingTable table, ShadowClient service, SecondAnswer monolith, FacadeMetrics metrics, IOptions<FacadeOptions> options,
    ILogger<Shadower> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        inventory.Endpoints.Select(e => e.Module).Distinct(StringComparer.Ordinal).Select(module => Parallel.ForEachAsync(
            queue.TakeAsync(module, stoppingToken), new ParallelOptions { MaxDegreeOfParallelism = options.Value.Shadow.Concurrency, CancellationToken = stoppingToken },
            async (call, stop) => await TakeAsync(call, stop))));

    private async Task TakeAsync(ShadowedCall call, CancellationToken stop)
    {
        var (endpoint, figures) = (call.Route.Endpoint, call.Watch.Figures);
        if (table.Current.Routes[endpoint.Index].Shadow?.Figures != figures)
        {
            // The endpoint has been taken out of the mode since.
            return;
        }

        ShadowOutcome outcome;
        try
        {
            outcome = await CompareAsync(call, stop);
        }
        catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            FacadeLog.NotCompared(logger, e, endpoint.Name);
            outcome = ShadowOutcome.ServiceError;
        }

        figures.Count(outcome);
        metrics.Shadowed(endpoint, outcome);
    }

    private async Task<ShadowOutcome> CompareAsync(ShadowedCall call, CancellationToken stop)
    {
        // :: Step 1
        var (first, failure) = await service.AskAsync(call, stop);
        if (first is null || AnswerComparer.Compare(call.Answer, first, call.Watch.Rules).Count == 0)
        {
            return failure;
        }

        // :: Step 2
        var ours = call.IsOfEndpoint ? await monolith.AskAsync(call, stop) : call.Answer;
        if (AnswerComparer.Compare(ours, first, call.Watch.Rules).Count == 0)
        {
            return ShadowOutcome.Settled;
        }

        // :: Step 3
        (var theirs, failure) = await service.AskAsync(call, stop);
        if (theirs is null)
        {
            return failure;
        }

        var differences = AnswerComparer.Compare(ours, theirs, call.Watch.Rules);
        if (differences.Count == 0)
        {
            return ShadowOutcome.Settled;
        }

        var masking = new Masking(call.Watch.Rules);
        call.Watch.Figures.Keep(new ShadowSample(
            call.At, $"{call.Method} {masking.Target(call.Target)}", call.TraceId, differences, ours.Status, masking.Body(ours, theirs), theirs.Status, masking.Body(theirs, ours)));
        return ShadowOutcome.Different;
    }
}
