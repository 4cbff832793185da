namespace ModularShop.Facade;

/// <summary>Where the routing is kept: a file on one node, a table for several.</summary>
internal interface IRoutingStore
{
    /// <summary>The newest revision that took effect; null where there has never been one.</summary>
    Task<RoutingRevision?> NewestAsync(CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<RoutingRevision>> HistoryAsync(int most, CancellationToken cancellationToken);

    /// <summary>Keeps a revision; durable when it returns.</summary>
    /// <param name="isInFile">Whether its text was read in the routing file.</param>
    /// <exception cref="RoutingConflictException">Another revision of that number is there, or another text in the file.</exception>
    Task AppendAsync(RoutingRevision revision, bool isInFile, CancellationToken cancellationToken);

    /// <summary>Calls <paramref name="changed"/> with what somebody else wrote since the last look; one look at a time.</summary>
    Task LookAsync(Func<RoutingText, Task> changed, CancellationToken cancellationToken);

    /// <summary>Looks again and again, until cancelled.</summary>
    Task WatchAsync(Func<RoutingText, Task> changed, CancellationToken cancellationToken);
}

/// <summary>A routing that somebody wrote: a revision already kept (<paramref name="Kept"/>), or a text that has to become one.</summary>
internal sealed record RoutingText(string? Text, RoutingRevision? Kept = null)
{
    /// <summary>The revision that was in effect when the text was read: it replaces that one, and none that came after it. For a text.</summary>
    public long Expected { get; init; }

    /// <summary>Why it was written, as far as its writer is known to have a reason.</summary>
    public string Reason { get; init; } = "The routing file was edited.";
}

/// <summary>Somebody else changed the routing first.</summary>
public sealed class RoutingConflictException(string message) : Exception(message);
