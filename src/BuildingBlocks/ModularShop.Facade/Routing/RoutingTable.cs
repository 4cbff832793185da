namespace ModularShop.Facade;

/// <summary>The snapshot in effect.</summary>
internal sealed class RoutingTable
{
    private volatile RoutingSnapshot? _current;

    public RoutingSnapshot Current => _current ?? throw new InvalidOperationException("No routing is loaded yet.");

    /// <summary>Null before the first.</summary>
    public RoutingSnapshot? Newest => _current;

    /// <summary>What is wrong with the newest file, while an older one stays in effect.</summary>
    public IReadOnlyList<RoutingError> Errors { get; set; } = [];

    public void Exchange(RoutingSnapshot snapshot) => _current = snapshot;
}
