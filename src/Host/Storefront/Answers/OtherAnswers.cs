using ModularShop.Contracts;

namespace ModularShop.Host.Storefront;

public sealed record CardToken(string Token, string Brand, string Last4)
{
    public string Name => $"{(Brand.Length == 0 ? "Card" : char.ToUpperInvariant(Brand[0]) + Brand[1..])} ending in {Last4}";
}

public sealed record PaymentDetails(string Status, Money Amount, Money Captured, Money Refunded, string? DeclineReason, string? WaitingFor);

public sealed record InvoiceDetails(string Number, Guid OrderId, string OrderNumber, Money Total, DateTimeOffset CapturedAt, DateTimeOffset IssuedAt);

public sealed record ShipmentDetails(string TrackingNumber, string Status, DateTimeOffset? DispatchedAt, DateTimeOffset? DeliveredAt);

public sealed record ParcelTrack(string TrackingNumber, string Status, IReadOnlyList<ParcelStop> Events);

public sealed record ParcelStop(DateTimeOffset At, string Status, string Place);

public sealed record Profile(Guid Id, string Email, string Name, string? Phone, DateTimeOffset RegisteredAt, Guid? DefaultAddressId);

public sealed record Preferences(string Language, string Currency, bool MarketingConsent);

public sealed record SavedAddress(
    Guid Id, string Recipient, string Line1, string? Line2, string City, string? Region, string PostalCode, string Country, bool IsDefault)
{
    public PostalAddress Postal => new(Recipient, Line1, City, PostalCode, Country, Line2, Region);
}

/// <summary>A parcel's state in words.</summary>
internal static class ParcelStatus
{
    public static string Say(string status) => status switch
    {
        "requested" => "Being booked with the carrier",
        "booked" => "The carrier expects the parcel",
        "cancelling" => "The carrier is asked to stop it",
        "dispatched" => "Collected by the carrier",
        "inTransit" => "On its way",
        "outForDelivery" => "Out for delivery",
        "deliveryFailed" => "Nobody was there; the carrier tries again",
        "delivered" => "Delivered",
        "returned" => "Came back to the shop",
        "cancelled" => "Stopped before it left",
        "refused" => "Not taken by the carrier",
        _ => status,
    };
}
