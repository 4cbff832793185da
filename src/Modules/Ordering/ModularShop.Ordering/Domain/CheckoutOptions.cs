namespace ModularShop.Ordering.Domain;

/// <summary>Section <c>Ordering:Checkout</c>: how long a checkout waits for other modules.</summary>
internal sealed record CheckoutOptions
{
    /// <summary>For the stock to be reserved, 1 to 3,600 s.</summary>
    public int StockTimeoutSeconds { get; init; } = 30;

    /// <summary>For the payment to be authorised, 1 to 3,600 s.</summary>
    public int PaymentTimeoutSeconds { get; init; } = 120;

    /// <summary>For the shipment to be created, or cancelled, 1 to 3,600 s.</summary>
    public int ShipmentTimeoutSeconds { get; init; } = 120;

    /// <summary>How long stock stays reserved for an order that is not confirmed yet: longer than the three together, at most 86,400 s.</summary>
    public int ReservationSeconds { get; init; } = 600;

    public TimeSpan StockTimeout => TimeSpan.FromSeconds(StockTimeoutSeconds);

    public TimeSpan PaymentTimeout => TimeSpan.FromSeconds(PaymentTimeoutSeconds);

    public TimeSpan ShipmentTimeout => TimeSpan.FromSeconds(ShipmentTimeoutSeconds);

    public TimeSpan Reservation => TimeSpan.FromSeconds(ReservationSeconds);
}
