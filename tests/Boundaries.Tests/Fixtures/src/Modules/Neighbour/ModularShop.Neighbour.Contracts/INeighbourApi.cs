namespace ModularShop.Neighbour.Contracts;

public interface INeighbourApi
{
    Task<IReadOnlyList<WidgetSummary>> GetWidgetsAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    Task<bool> IsKnownAsync(Guid id, CancellationToken cancellationToken);
}

public sealed record WidgetSummary(Guid Id, string Code, Money Price, IReadOnlyList<string> Tags);

public sealed record WidgetRenamed(Guid WidgetId, string Name) : IIntegrationEvent;
