namespace ModularShop.Catalog.Contracts;

public sealed record StockLine(string Sku, int Quantity);

public sealed record StockShortage(string Sku, int Requested, int Available);

/// <summary>Set the lines aside for an order until <paramref name="ExpiresAt"/>: all of them or none. Answered by
/// <see cref="StockReserved"/> or <see cref="StockReservationRefused"/>.</summary>
public sealed record ReserveStock(Guid OrderId, IReadOnlyList<StockLine> Lines, DateTimeOffset ExpiresAt) : ICommandMessage;

/// <summary>Give back what an order holds: reserved pieces are available again, pieces already taken return to stock. Harmless where it holds nothing.</summary>
public sealed record ReleaseStock(Guid OrderId) : ICommandMessage;

public sealed record StockReserved(Guid OrderId, DateTimeOffset ExpiresAt) : IIntegrationEvent;

public sealed record StockReservationRefused(Guid OrderId, IReadOnlyList<StockShortage> Shortages) : IIntegrationEvent;

/// <summary>A reservation was not confirmed in time; its pieces are available again.</summary>
public sealed record StockReservationExpired(Guid OrderId) : IIntegrationEvent;
