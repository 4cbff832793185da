namespace ModularShop.Facade;

/// <summary>Who answers an endpoint.</summary>
public enum Mode
{
    /// <summary>The monolith.</summary>
    Monolith,

    /// <summary>The monolith; the service is asked too, off the request's path, and the two answers are compared.</summary>
    Shadow,

    /// <summary>The service for some per cent of the clients, each always the same side; the monolith for the others.</summary>
    Canary,

    /// <summary>The service.</summary>
    Service,
}

/// <summary>What the routing file says of one endpoint.</summary>
/// <param name="Percent">Clients the service answers, 0 to 100; of use in <see cref="Mode.Canary"/> alone.</param>
/// <param name="Timeout">How long the service may take.</param>
/// <param name="Fallback">Whether the monolith answers a safe request when the service cannot.</param>
internal sealed record RouteDefinition(Mode Mode, int Percent, TimeSpan Timeout, bool Fallback)
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    public static RouteDefinition AtMonolith { get; } = new(Mode.Monolith, 0, DefaultTimeout, Fallback: true);

    /// <summary>Where the service alone can answer: of what is said besides, its time remains.</summary>
    public RouteDefinition Departed() => AtMonolith with { Mode = Mode.Service, Timeout = Timeout, Fallback = false };

    /// <summary>Fields of the answers that may differ, beside those that may at every endpoint; of use in <see cref="Mode.Shadow"/> alone.</summary>
    public IReadOnlyList<FieldPath> IgnoredFields { get; init; } = [];

    /// <summary>How the endpoint goes over by itself; null where somebody takes it over by hand.</summary>
    public RolloutPlan? Rollout { get; init; }
}

/// <summary>Where a service answers.</summary>
internal sealed record ServiceDefinition(string Name, IReadOnlyList<Uri> Destinations, string LoadBalancing);

/// <summary>What the routing file says, checked.</summary>
internal sealed record RoutingDefinition(IReadOnlyDictionary<string, ServiceDefinition> Services, IReadOnlyDictionary<string, RouteDefinition> Endpoints, ShadowRules Shadow);

/// <summary>One thing that is wrong in a routing file.</summary>
/// <param name="Key">The key, as in <c>Facade:Endpoints:Catalog.GetProduct:Percent</c>, or <c>line 7</c> where it is no JSON.</param>
public sealed record RoutingError(string Key, string Message)
{
    public override string ToString() => $"{Key}: {Message}";
}
