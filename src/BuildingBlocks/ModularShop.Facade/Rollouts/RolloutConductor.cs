using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ModularShop.Facade;

/// <summary>Takes every running rollout on, or back, by its plan.</summary>
/// <remarks>
/// A step is a revision of the routing like any other, with the figures that led to it as its reason: the history has them
/// all, and a restart goes on at the step it finds. Of several hosts each judges by what it has answered itself; one that
/// sees a limit broken takes the endpoint back for all, and of two that want to take it on, the store takes one.
/// </remarks>
internal sealed class RolloutConductor(RoutingTable table, RoutingChanges changes, TimeProvider time, ILogger<RolloutConductor> logger) : BackgroundService
{
    /// <summary>Whom the history names.</summary>
    private const string Name = "rollout";

    /// <summary>What the routing's table takes.</summary>
    private const int LongestReason = 500;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private string? _trouble;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryConductAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>What would become of an endpoint's rollout now; null where it has none that runs.</summary>
    public RolloutDecision? Judge(Route route) => route.Rollout is not { Plan: { State: RolloutState.Running } plan } watch ? null : RolloutDecision.Of(
        plan, RolloutStep.Of(route.Definition), watch.Figures, route.Shadow?.Figures, time.GetElapsedTime(watch.Figures.Since));

    private async Task TryConductAsync(CancellationToken stoppingToken)
    {
        try
        {
            await ConductAsync(stoppingToken);
            _trouble = null;
        }
        catch (RoutingConflictException)
        {
            // Somebody else was faster; the next look is at what they made of it.
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var trouble = e.GetBaseException().Message;
            if (trouble != _trouble)
            {
                _trouble = trouble;
                FacadeLog.NotConducted(logger, trouble);
            }
        }
    }

    private async Task ConductAsync(CancellationToken stoppingToken)
    {
        // Each step makes another snapshot, and what is decided is decided on the newest.
        for (var i = 0; table.Newest is { } snapshot && i < snapshot.Routes.Length; i++)
        {
            var route = snapshot.Routes[i];
            // While somebody edits the file, and it is not valid yet, it is not written over for what can wait.
            if (Judge(route) is { } decision && (decision.Action is RolloutAction.GoBack || (decision.Action is RolloutAction.GoOn && table.Errors.Count == 0)))
            {
                await TakeAsync(snapshot.Revision, route, decision, stoppingToken);
            }
        }
    }

    private async Task TakeAsync(RoutingRevision on, Route route, RolloutDecision decision, CancellationToken cancellationToken)
    {
        var (endpoint, plan) = (route.Endpoint, route.Rollout!.Plan);
        var from = RolloutStep.Of(route.Definition)?.ToString() ?? "the monolith";
        var (moved, reason) = decision switch
        {
            { Action: RolloutAction.GoBack } => (
                RoutingEditor.Move(on.Text, endpoint, null, RolloutState.RolledBack, decision.Because), $"{endpoint.Name} goes back from {from} to the monolith. {decision.Because}."),
            { Next: { } next } => (RoutingEditor.Move(on.Text, endpoint, next, RolloutState.Running), $"{endpoint.Name} goes on from {from} to {next}: {decision.Because}."),
            _ => (RoutingEditor.Move(on.Text, endpoint, plan.Steps[^1], RolloutState.Done), $"{endpoint.Name} has come to the end of its rollout, {from}: {decision.Because}."),
        };
        var errors = await changes.ApplyAsync(moved, Name, Clip(reason), on.Number, cancellationToken);
        if (errors.Count > 0)
        {
            throw new InvalidOperationException($"The rollout of {endpoint.Name} cannot be taken on: {string.Join(' ', errors)}");
        }
    }

    private static string Clip(string reason) => reason.Length <= LongestReason ? reason : $"{reason[..(LongestReason - 1)]}…";
}
