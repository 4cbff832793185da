namespace ModularShop.Catalog.Features.GetStock;

internal sealed record GetStock(string Sku) : IQuery<Result<StockDetails>>;

/// <param name="Movements">The last 50, newest first.</param>
internal sealed record StockDetails(string Sku, int OnHand, int Reserved, int Available, IReadOnlyList<StockMovementRow> Movements);

internal sealed record StockMovementRow(DateTimeOffset At, int Quantity, string Reason, string Key);
