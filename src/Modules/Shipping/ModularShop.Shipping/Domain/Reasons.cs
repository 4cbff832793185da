namespace ModularShop.Shipping.Domain;

/// <summary>Why there is no shipment: stable codes other modules may act on.</summary>
internal static class RefusalReasons
{
    public const string CarrierUnavailable = "carrier_unavailable";

    public const string AddressNotServed = "address_not_served";

    public const string ServiceNotOffered = "service_not_offered";

    public const string ParcelTooHeavy = "parcel_too_heavy";

    /// <summary>The order had been cancelled when its shipment was asked for.</summary>
    public const string Cancelled = "cancelled";
}

/// <summary>Why a shipment cannot be cancelled: stable codes other modules may act on.</summary>
internal static class CancellationRefusals
{
    public const string AlreadyDispatched = "already_dispatched";

    public const string AlreadyDelivered = "already_delivered";

    public const string Returned = "returned";
}
