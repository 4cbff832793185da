namespace ModularShop.Ordering.Domain;

/// <summary>Something that the checkout had done and has taken back.</summary>
internal enum Compensation
{
    ShipmentStopped,
    PaymentVoided,
    StockReleased,

    /// <summary>The pieces are in the warehouse again, out of a parcel that came back.</summary>
    StockReturned,
}

/// <summary>The sentences by which a step's note says what was taken back: people read them, and a line of time is drawn from them.</summary>
internal static class CheckoutNotes
{
    public const string ShipmentStopped = "Shipping has stopped the shipment.";

    public const string AllReleased = "The payment is voided and the stock released.";

    public const string AllReturned = "The payment is voided and the stock returned.";

    public const string StockReleased = "The stock is released.";

    private static readonly (string Sentence, Compensation[] Undone)[] Sentences =
    [
        (ShipmentStopped, [Compensation.ShipmentStopped]), (AllReleased, [Compensation.PaymentVoided, Compensation.StockReleased]),
        (AllReturned, [Compensation.PaymentVoided, Compensation.StockReturned]), (StockReleased, [Compensation.StockReleased]),
    ];

    public static IReadOnlyList<Compensation> UndoneBy(string note) => [.. Sentences.Where(s => note.Contains(s.Sentence, StringComparison.Ordinal)).SelectMany(s => s.Undone)];
}
