using System.Collections.Frozen;

namespace ModularShop.Modularity.Modules;

/// <summary>
/// Names requests that change a module's data, as its clients make them. A process whose data follows another database executes
/// each in a transaction that it never commits: code that has never run is compiled before writes are switched to it, and
/// not while a client waits. Register it keyed by the module's name.
/// </summary>
/// <remarks>None that calls the network: a call is not rolled back.</remarks>
public interface IWarmUp
{
    /// <summary>Those that the data here allows; none where it holds too little.</summary>
    Task<IReadOnlyList<WarmUpRequest>> RequestsAsync(CancellationToken cancellationToken);
}

/// <param name="Endpoint">The endpoint's name, such as <c>Catalog.ChangePrice</c>.</param>
/// <param name="Body">What is sent as JSON.</param>
public sealed record WarmUpRequest(string Endpoint, object Body)
{
    /// <summary>The values of the route's parameters, as they are in the address.</summary>
    public IReadOnlyDictionary<string, string?> Route { get; init; } = FrozenDictionary<string, string?>.Empty;

    /// <summary>Sent with it; null for none.</summary>
    public string? IdempotencyKey { get; init; }
}
