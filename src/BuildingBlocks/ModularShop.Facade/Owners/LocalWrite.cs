using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using ModularShop.Modularity.Data;

namespace ModularShop.Facade;

/// <summary>A write that this process executes, as long as it is the owner.</summary>
/// <param name="route">As the request was let in by.</param>
/// <param name="twin">What sends it to the other process; null where that has sent it.</param>
/// <param name="patience">How long it may wait for an owner, all its waits together.</param>
internal sealed class LocalWrite(Route route, Endpoint? twin, TimeSpan patience)
{
    private readonly Stopwatch _waited = new();

    public Route Route => route;

    public Endpoint? Twin => twin;

    /// <summary>Of the execution under way.</summary>
    public Commits Commits { get; private set; } = new();

    /// <summary>Its answer was made on data that is another's by now.</summary>
    public bool IsOutOfDate { get; set; }

    /// <summary>Of the ownership as it was known when that began.</summary>
    public long Epoch { get; private set; }

    public void Begin(long epoch) => (Commits, IsOutOfDate, Epoch) = (Commits.Watch(), false, epoch);

    /// <summary>What is left of its patience; it begins to run out when it is first asked for.</summary>
    public TimeSpan Left()
    {
        _waited.Start();
        return patience > _waited.Elapsed ? patience - _waited.Elapsed : TimeSpan.Zero;
    }
}
