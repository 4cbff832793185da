using ModularShop.Catalog.Contracts;

namespace ModularShop.Ordering.Domain;

/// <summary>Why an order came to its end, in words for the customer.</summary>
internal static class EndReasons
{
    public const string CancelledByCustomer = "You cancelled the order.";

    public const string StockExpired = "The products were set aside for the order for too long and are on sale again. Your card is not charged.";

    public const string AuthorisationExpired = "Your bank let the payment lapse before the parcel left. Your card is not charged.";

    public const string ShipmentStopped = "The shop has stopped the shipment. Your card is not charged.";

    public const string ParcelCameBack = "The parcel could not be delivered and came back to the shop. Your card is not charged.";

    public static string CancelledByShop(string? reason) => reason is { Length: > 0 } ? $"The shop cancelled the order: {reason}" : "The shop cancelled the order.";

    public static string OutOfStock(Order order, IReadOnlyList<StockShortage> shortages)
    {
        var names = order.Lines.ToDictionary(l => l.Sku, l => l.Name, StringComparer.Ordinal);
        var missing = shortages.Select(s => $"{names.GetValueOrDefault(s.Sku, s.Sku)} ({s.Requested} wanted, {Math.Max(0, s.Available)} left)");
        return Shorten($"Not enough in stock: {string.Join(", ", missing)}. Your card is not charged.");
    }

    public static string Declined(string code) => code switch
    {
        "insufficient_funds" => "The card has not enough funds. Nothing was charged; try another card.",
        "provider_unavailable" => "The payment service could not be reached. Nothing was charged; try again later.",
        _ => "The card was declined. Nothing was charged; try another card.",
    };

    public static string NoShipment(string code) => code switch
    {
        "address_not_served" => "The carrier does not deliver to this address. Your card is not charged.",
        "carrier_unavailable" => "The carrier could not be reached. Your card is not charged; try again later.",
        "service_not_offered" => "The carrier does not offer this service to your address. Your card is not charged; choose another one.",
        "parcel_too_heavy" => "The parcel is too heavy for the carrier. Your card is not charged; order in smaller parts.",
        _ => "The carrier does not take the parcel. Your card is not charged.",
    };

    public static string NoAnswer(CheckoutState state) => state switch
    {
        CheckoutState.ReservingStock => "The warehouse did not answer in time. Nothing was charged; try again.",
        CheckoutState.AuthorisingPayment => "The payment was not authorised in time. Your card is not charged; try again.",
        _ => "The parcel could not be booked in time. Your card is not charged; try again.",
    };

    public static string CannotBeStopped(string code) => code switch
    {
        "already_dispatched" => "The order could not be cancelled: the parcel has left already.",
        "already_delivered" => "The order could not be cancelled: the parcel is delivered already.",
        _ => Shorten($"The order could not be cancelled: the carrier says {code.Replace('_', ' ')}."),
    };

    private static string Shorten(string text) => text.Length <= Order.ReasonLength ? text : text[..(Order.ReasonLength - 1)] + "…";
}
