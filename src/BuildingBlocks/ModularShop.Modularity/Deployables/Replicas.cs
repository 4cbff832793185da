using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace ModularShop.Modularity.Deployables;

/// <summary>How far this process's database of a module has followed the other one.</summary>
/// <param name="CaughtUpAt">The latest moment of which it is known to hold everything; null before the first.</param>
/// <param name="Reason">Why it is in this state, where there is something to say.</param>
public sealed record Replication(ReplicationState State, DateTimeOffset? CaughtUpAt, string? Reason);

/// <summary>Section <c>Replicas</c>: of the host and of a service with a database of its own.</summary>
public sealed record ReplicaOptions
{
    /// <summary>How many seconds, 1 to 3600, data that follows may be behind and still answer reads.</summary>
    public double MaxLagSeconds { get; init; } = 5;

    internal TimeSpan MaxLag => TimeSpan.FromSeconds(MaxLagSeconds);
}

/// <summary>The modules of this process whose data follows that in another database, as last read from this one.</summary>
public sealed class Replicas(Ownerships ownerships, Deployable here, IOptions<ServiceOptions> service, IOptions<ReplicaOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Seen> _seen = new(StringComparer.OrdinalIgnoreCase);
    private readonly ServiceData _data = here.Side is Owner.Monolith ? ServiceData.Own : service.Value.Data;

    public TimeSpan MaxLag { get; } = options.Value.MaxLag;

    /// <summary>Null where the data here follows none.</summary>
    public Replication? Of(string module) => _seen.GetValueOrDefault(module)?.Replication;

    /// <summary>How long ago the data here was known to be that of the other database; null where it follows none or never was.</summary>
    public TimeSpan? LagOf(string module) => Of(module)?.CaughtUpAt is { } caughtUpAt
        ? TimeSpan.FromTicks(Math.Max((time.GetUtcNow() - caughtUpAt).Ticks, 0))
        : null;

    /// <summary>What the module's data in this process's database is.</summary>
    public DataPlace PlaceOf(string module) => Of(module) switch
    {
        _ when _data is ServiceData.Attached => DataPlace.Attached,
        _ when ownerships.HasLeft(module) => DataPlace.Retired,
        { State: ReplicationState.Retired } => DataPlace.Retired,
        _ when ownerships.IsHere(module) => DataPlace.Owner,
        { } => DataPlace.Replica,
        null when here.Side is Owner.Service => DataPlace.Empty,
        null => DataPlace.Attached,
    };

    /// <summary>Whether reads may be answered from this process's database: by its owner, where both sides share it, and while it is not too far behind.</summary>
    /// <param name="since">What has been committed by then must be there.</param>
    public bool MayAnswer(string module, DateTimeOffset? since = null) => PlaceOf(module) switch
    {
        DataPlace.Owner or DataPlace.Attached => true,
        DataPlace.Replica => Of(module) is { State: ReplicationState.Running, CaughtUpAt: { } caughtUpAt }
            && time.GetUtcNow() - caughtUpAt <= MaxLag && !(since > caughtUpAt),
        _ => false,
    };

    /// <param name="order">Rises with the beginning of each reading: of two that overlap, the one begun later counts.</param>
    internal void Learn(string module, Replication? replication, long order) =>
        _seen.AddOrUpdate(module, new Seen(replication, order), (_, before) => order > before.Order ? new Seen(replication, order) : before);

    private sealed record Seen(Replication? Replication, long Order);
}

/// <summary>What a module's data in the database of a process is.</summary>
public enum DataPlace
{
    /// <summary>The data, which this process writes.</summary>
    Owner,

    /// <summary>The data, in a database that host and service share.</summary>
    Attached,

    /// <summary>A copy, which follows the data in another database or is being made.</summary>
    Replica,

    /// <summary>Tables without the data: it is in another database, and nothing follows it here.</summary>
    Empty,

    /// <summary>Nothing any more.</summary>
    Retired,
}
