using ModularShop.Ordering.Domain;

namespace ModularShop.Ordering.Features.GetOrderHistory;

/// <param name="CustomerId">Whose order it must be; null for operators.</param>
internal sealed record GetOrderHistory(Guid OrderId, Guid? CustomerId) : IQuery<Result<Page<HistoryRow>>>;

internal sealed record HistoryRow(DateTimeOffset At, HistoryKind Kind, string Text);
