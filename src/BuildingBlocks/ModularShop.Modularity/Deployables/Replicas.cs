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
    public DataPlace PlaceOf(string module)
    {
        // In this order: what is followed is learnt before the owner that goes with it. A new owner without it would look as
        // if both sides shared the database.
        var isHere = ownerships.IsHere(module);
        return Of(module) switch
        {
            _ when _data is ServiceData.Attached => DataPlace.Attached,
            _ when ownerships.HasLeft(module) => DataPlace.Retired,
            { State: ReplicationState.Retired } => DataPlace.Retired,
            _ when isHere => DataPlace.Owner,
            { } => DataPlace.Replica,
            null when here.Side is Owner.Service => DataPlace.Empty,
            null => DataPlace.Attached,
        };
    }

    /// <summary>Whether reads may be answered from this process's database: by its owner, where both sides share it, and while it is not too far behind.</summary>
    /// <param name="since">What has been committed by then must be there, by whichever of the clocks.</param>
    /// <param name="longest">How far behind it may be, where that is less than this process would take.</param>
    public bool MayAnswer(string module, DateTimeOffset? since = null, TimeSpan? longest = null) => PlaceOf(module) switch
    {
        DataPlace.Owner or DataPlace.Attached => true,
        DataPlace.Replica => Of(module) is { State: ReplicationState.Running, CaughtUpAt: { } caughtUpAt }
            && time.GetUtcNow() - caughtUpAt <= (longest < MaxLag ? longest : MaxLag) && !(since > caughtUpAt - Clocks.Skew),
        _ => false,
    };

    internal void Learn(string module, Replication? replication, Reading reading) =>
        _seen.AddOrUpdate(module, new Seen(replication, reading), (_, before) => reading.IsNewerThan(before.Reading) ? new Seen(replication, reading) : before);

    private sealed record Seen(Replication? Replication, Reading Reading);
}

/// <summary>When a database was read: of two readings that overlap, the one begun later need not be the newer.</summary>
/// <param name="Epoch">Of the ownership that was read along.</param>
/// <param name="Began">Its number; they rise.</param>
/// <param name="Ended">The number of the last one begun by then.</param>
internal readonly record struct Reading(long Epoch, long Began, long Ended)
{
    /// <summary>A lower epoch is news only behind one that has ended: of a cancelled move no owner is left.</summary>
    public bool IsNewerThan(Reading other) => Epoch > other.Epoch || Began > (Epoch == other.Epoch ? other.Began : other.Ended);
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
