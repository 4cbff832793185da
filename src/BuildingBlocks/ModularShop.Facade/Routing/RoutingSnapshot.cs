using System.Collections.Frozen;
using ModularShop.Modularity.Deployables;

namespace ModularShop.Facade;

/// <summary>Who answers what, all of it, at one revision; never changed, only exchanged.</summary>
internal sealed class RoutingSnapshot
{
    /// <param name="before">The one that this one follows: an endpoint that stays in the mode Shadow, or in the same step of its rollout, keeps its figures.</param>
    public RoutingSnapshot(RoutingRevision revision, RoutingDefinition definition, EndpointInventory inventory, TimeProvider time, RoutingSnapshot? before = null)
    {
        Revision = revision;
        Services = definition.Services.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        Routes = [.. inventory.Endpoints.Select(e =>
        {
            var route = definition.Endpoints.GetValueOrDefault(e.Name, RouteDefinition.AtMonolith);
            route = e.HasLeft ? route.Departed() : route;
            var old = before?.Routes[e.Index];
            var shadow = route.Mode is not Mode.Shadow ? null : new ShadowWatch(
                definition.Shadow.With(route.IgnoredFields), old?.Shadow?.Figures ?? new ShadowFigures(revision.Number, time.GetUtcNow()));
            var rollout = route.Rollout is not { State: RolloutState.Running or RolloutState.Paused } plan ? null : new RolloutWatch(plan, FiguresOf(plan, route, old, shadow, time));
            return new Route(e, route, revision.Number, shadow, rollout) { RolloutBegan = BeganOf(route.Rollout, old) ?? revision.Number };
        })];
        ReadElsewhere = Routes.Where(r => r.Endpoint.IsSafe && r.Definition.Mode is Mode.Service or Mode.Canary).Select(r => r.Endpoint.Module).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    public RoutingRevision Revision { get; }

    public FrozenDictionary<string, ServiceDefinition> Services { get; }

    /// <summary>By the endpoint's index.</summary>
    public Route[] Routes { get; }

    /// <summary>The modules some of whose reads go to a service.</summary>
    public FrozenSet<string> ReadElsewhere { get; }

    /// <summary>With which revision a rollout began; null where it begins with this one: there was none, or one that is over.</summary>
    private static long? BeganOf(RolloutPlan? plan, Route? old) =>
        old?.Definition.Rollout is not { } before || (IsOver(before) && plan is not null && !IsOver(plan)) ? null : old.RolloutBegan;

    private static bool IsOver(RolloutPlan plan) => plan.State is RolloutState.RolledBack or RolloutState.Done;

    private static RolloutFigures FiguresOf(RolloutPlan plan, RouteDefinition route, Route? old, ShadowWatch? shadow, TimeProvider time)
    {
        var figures = old?.Rollout?.Figures;
        return figures is not null && RolloutStep.Of(route) == RolloutStep.Of(old!.Definition)
            ? figures
            : new RolloutFigures(time.GetTimestamp(), figures?.Baseline(plan.MinimumRequests), shadow?.Figures.Read());
    }
}

/// <summary>A change of the routing, as its history keeps it.</summary>
/// <param name="Number">1 for the first, one more for each change.</param>
/// <param name="Text">The whole routing file.</param>
/// <param name="By">Who changed it: an operator's name, or <c>file</c>.</param>
public sealed record RoutingRevision(long Number, string Text, DateTimeOffset At, string By, string Reason);

/// <summary>The route of one endpoint, with what the answers' headers say, made ahead.</summary>
internal sealed class Route
{
    private readonly string[] _monolith;
    private readonly string[] _service;

    public Route(FacadeEndpoint endpoint, RouteDefinition definition, long revision, ShadowWatch? shadow, RolloutWatch? rollout)
    {
        (Endpoint, Definition, Shadow, Rollout) = (endpoint, definition, shadow, rollout);
        PlainSide = definition.Mode is Mode.Canary || shadow is not null || rollout is not null ? null
            : definition.Mode is Mode.Service ? Owner.Service : Owner.Monolith;
        _monolith = Headers("monolith");
        _service = Headers($"{endpoint.Module.ToLowerInvariant()}-service");

        string[] Headers(string who) => [.. Enum.GetNames<Owner>().Select(owner => $"{who}; revision={revision}; owner={owner.ToLowerInvariant()}")];
    }

    public FacadeEndpoint Endpoint { get; }

    public RouteDefinition Definition { get; }

    /// <summary>Null but in the mode Shadow.</summary>
    public ShadowWatch? Shadow { get; }

    /// <summary>Null but where a rollout is under way.</summary>
    public RolloutWatch? Rollout { get; }

    /// <summary>The revision with which its rollout began, as far as this process has seen it; says nothing where there is none.</summary>
    public long RolloutBegan { get; init; }

    /// <summary>The side that answers reads, whoever asks; null where that depends on who does, and where answers are compared or counted.</summary>
    public Owner? PlainSide { get; }

    /// <summary>What <c>X-Answered-By</c> says.</summary>
    public string AnsweredBy(Owner side, Owner owner) => (side is Owner.Monolith ? _monolith : _service)[(int)owner];
}
