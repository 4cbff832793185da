using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Pipeline;
using ModularShop.Modularity.Security;

namespace ModularShop.Facade;

/// <summary>The operator's API to the rollouts: <c>/api/v1/routes/{endpoint}/rollout</c>.</summary>
internal static class RolloutEndpoints
{
    /// <summary>What an operator's word makes of a rollout: another routing, or why not now.</summary>
    private delegate Result<Func<string, string>> Decide(Route route, RolloutConductor conductor, string reason);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/routes/{endpoint}/rollout").WithTags("Routes").ForOperators();
        group.MapGet("", Show).WithName("Routes.ShowRollout").WithSummary("How an endpoint's rollout goes")
            .Fails(RoutesError.UnknownEndpoint, RoutesError.NoRollout);
        group.MapPut("", PlanAsync).WithName("Routes.PlanRollout").WithSummary("Let an endpoint go over to its service by itself")
            .Fails(RoutesError.UnknownEndpoint, RoutesError.NotValid, RoutesError.ChangedMeanwhile, RequestError.Invalid);
        Map(group, "Approve", "Let a rollout go on that waits for it", Approve);
        Map(group, "Pause", "Stop a rollout where it is", Pause);
        Map(group, "Resume", "Let a paused rollout go on", Resume);
        Map(group, "Abort", "End a rollout: the monolith answers again", Abort);
    }

    private static void Map(RouteGroupBuilder group, string word, string summary, Decide decide) => group
        .MapPost(word.ToLowerInvariant(), (
            string endpoint, RolloutCommand command, HttpContext http, EndpointInventory inventory, RoutingTable table, RoutingChanges changes, RolloutConductor conductor,
            CancellationToken cancellationToken) => TakeAsync(endpoint, command, decide, http, inventory, table, changes, conductor, cancellationToken))
        .WithName($"Routes.{word}Rollout").WithSummary(summary)
        .Fails(RoutesError.UnknownEndpoint, RoutesError.NoRollout, RoutesError.NotNow, RoutesError.ChangedMeanwhile, RequestError.Invalid);

    private static Results<Ok<RolloutView>, Failure> Show(string endpoint, EndpointInventory inventory, RoutingTable table, RolloutConductor conductor) =>
        Find(endpoint, inventory, table.Current).ToHttp(route => TypedResults.Ok(View(route, conductor)));

    private static async Task<Results<Ok<RolloutView>, Failure>> PlanAsync(
        string endpoint, RolloutRequest request, HttpContext http, EndpointInventory inventory, RoutingTable table, RoutingChanges changes, RolloutConductor conductor,
        CancellationToken cancellationToken)
    {
        if (!inventory.ByName.TryGetValue(endpoint, out var found))
        {
            return new Failure(RoutesEndpoints.Unknown(endpoint));
        }

        if (found.HasLeft)
        {
            return new Failure(RoutesEndpoints.Departed(found));
        }

        return await RoutesEndpoints.ChangeAsync(http, request.Reason, request.Revision, text => RoutingEditor.Plan(text, found, request.Plan), table, changes, cancellationToken) is { } error
            ? new Failure(error)
            : TypedResults.Ok(View(table.Current.Routes[found.Index], conductor));
    }

    private static async Task<Results<Ok<RolloutView>, Failure>> TakeAsync(
        string endpoint, RolloutCommand command, Decide decide, HttpContext http, EndpointInventory inventory, RoutingTable table, RoutingChanges changes, RolloutConductor conductor,
        CancellationToken cancellationToken)
    {
        var snapshot = table.Current;
        var route = Find(endpoint, inventory, snapshot);
        var edit = route.Error is { } missing ? missing : decide(route.Value, conductor, command.Reason);
        var error = edit.Error ?? await RoutesEndpoints.ChangeAsync(http, command.Reason, command.Revision ?? snapshot.Revision.Number, edit.Value, table, changes, cancellationToken);
        return error is null ? TypedResults.Ok(View(table.Current.Routes[route.Value.Endpoint.Index], conductor)) : new Failure(error);
    }

    private static Result<Func<string, string>> Approve(Route route, RolloutConductor conductor, string reason) =>
        conductor.Judge(route) is { Action: RolloutAction.AskFirst } decision
            ? Edit(text => RoutingEditor.Move(text, route.Endpoint, decision.Next, RolloutState.Running))
            : NotNow(route, conductor, "There is nothing to approve");

    private static Result<Func<string, string>> Pause(Route route, RolloutConductor conductor, string reason) =>
        route.Definition.Rollout!.State is RolloutState.Running
            ? Edit(text => RoutingEditor.Move(text, route.Endpoint, RolloutStep.Of(route.Definition), RolloutState.Paused))
            : NotNow(route, conductor, "It does not run");

    private static Result<Func<string, string>> Resume(Route route, RolloutConductor conductor, string reason) =>
        route.Definition.Rollout!.State is RolloutState.Paused
            ? Edit(text => RoutingEditor.Move(text, route.Endpoint, RolloutStep.Of(route.Definition), RolloutState.Running))
            : NotNow(route, conductor, "It is not paused");

    private static Result<Func<string, string>> Abort(Route route, RolloutConductor conductor, string reason) =>
        route.Definition.Rollout!.State is not RolloutState.RolledBack
            ? Edit(text => RoutingEditor.Move(text, route.Endpoint, null, RolloutState.RolledBack, $"Aborted: {reason.Trim()}"))
            : NotNow(route, conductor, "The monolith answers already");

    private static Result<Func<string, string>> Edit(Func<string, string> edit) => edit;

    private static Result<Func<string, string>> NotNow(Route route, RolloutConductor conductor, string what)
    {
        var view = View(route, conductor);
        return RoutesError.NotNow.Because($"{what}: the rollout of {view.Endpoint} is {view.State} at {view.Step}{(view.Because is { } because ? $" ({because})" : "")}.");
    }

    private static Result<Route> Find(string endpoint, EndpointInventory inventory, RoutingSnapshot snapshot) =>
        !inventory.ByName.TryGetValue(endpoint, out var found) ? RoutesEndpoints.Unknown(endpoint)
        : snapshot.Routes[found.Index] is { Definition.Rollout: not null } route ? route
        : RoutesError.NoRollout.Because($"{found.Name} has no rollout; 'PUT /api/v1/routes/{found.Name}/rollout' gives it one.");

    private static RolloutView View(Route route, RolloutConductor conductor)
    {
        var (plan, figures, decision) = (route.Definition.Rollout!, route.Rollout?.Figures, conductor.Judge(route));
        var step = RolloutStep.Of(route.Definition);
        var isUnderWay = plan.State is RolloutState.Running or RolloutState.Paused;
        return new RolloutView(
            route.Endpoint.Name, plan.State.ToString(), step?.ToString() ?? nameof(Mode.Monolith), [.. plan.Steps.Select(s => s.ToString())], isUnderWay ? plan.After(step)?.ToString() : null,
            decision?.Action.ToString(), decision?.Because ?? plan.Because, SideOf(figures?.Service), SideOf(figures?.Monolith),
            step is null ? null : figures?.Failed(plan, step.Value, route.Shadow?.Figures),
            new RolloutLimits(
                plan.Bake.TotalSeconds, plan.MinimumRequests, plan.MaxErrorRateDifference, plan.MaxP95Ratio, plan.P95Tolerance.TotalMilliseconds, plan.MaxShadowMismatchRate, plan.Gates),
            route.RolloutBegan);
    }

    private static SideView? SideOf(SideFigures? side) =>
        side is null ? null : new SideView(side.Requests, side.Failed, Math.Round(side.Latencies.P95().TotalMilliseconds, 1));
}
