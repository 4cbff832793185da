namespace ModularShop.Ordering.Domain;

internal enum HistoryKind
{
    OrderPlaced,
    OrderConfirmed,
    OrderCancelling,
    OrderCancelled,
    OrderRejected,
    OrderCompleted,
    StockReserved,
    StockRefused,
    StockExpired,
    PaymentAuthorised,
    PaymentDeclined,
    PaymentExpired,
    PaymentVoided,
    PaymentCaptured,
    PaymentRefunded,
    InvoiceIssued,
    ShipmentCreated,
    ShipmentRefused,
    ShipmentCancelled,
    ShipmentCancellationRefused,
    ShipmentDispatched,
    ShipmentDelivered,
    ShipmentReturned,
}

/// <summary>Something that happened to an order, in plain words. Read model: made from messages and from nothing else.</summary>
internal sealed class HistoryEntry
{
    public const int TextLength = 1200;

    /// <summary>The message's: the same message makes the same entry.</summary>
    public Guid Id { get; init; }

    public Guid OrderId { get; init; }

    /// <summary>When the message was published.</summary>
    public DateTimeOffset At { get; init; }

    public HistoryKind Kind { get; init; }

    public required string Text { get; init; }
}

/// <summary>An order as lists show it. Read model: the last <see cref="OrderStatusChanged"/> of the order.</summary>
internal sealed class OrderListEntry
{
    public Guid OrderId { get; init; }

    public Guid CustomerId { get; init; }

    public required string Number { get; init; }

    public OrderStatus Status { get; set; }

    public Money Total { get; init; }

    public int Pieces { get; init; }

    public DateTimeOffset PlacedAt { get; init; }

    public string? Reason { get; set; }

    /// <summary>Of the order when it said so: what an older message says is past.</summary>
    public long OrderVersion { get; set; }

    public static OrderListEntry Of(OrderStatusChanged order) => new()
    {
        OrderId = order.OrderId, CustomerId = order.CustomerId, Number = order.Number, Status = order.Status, Total = order.Total, Pieces = order.Pieces,
        PlacedAt = order.PlacedAt, Reason = order.Reason,
    };
}
