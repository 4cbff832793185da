namespace ModularShop.Shipping.Domain;

internal enum ShipmentStatus
{
    /// <summary>The carrier has not confirmed yet.</summary>
    Requested,

    /// <summary>The carrier expects the parcel.</summary>
    Booked,

    /// <summary>Booked, and the carrier has been asked to forget it; only the carrier knows whether the parcel has left.</summary>
    Cancelling,

    /// <summary>Collected by the carrier.</summary>
    Dispatched,
    InTransit,
    OutForDelivery,

    /// <summary>The carrier was there and nobody took the parcel; it tries again.</summary>
    DeliveryFailed,
    Delivered,

    /// <summary>Nobody ever took the parcel; it is back.</summary>
    Returned,
    Cancelled,

    /// <summary>Never booked.</summary>
    Refused,
}

/// <summary>What the shop still wants of the carrier.</summary>
internal enum CarrierErrand
{
    None,
    Book,
    Cancel,
}

internal static class ShipmentStatuses
{
    /// <summary>The statuses in which the carrier has something new to tell.</summary>
    public static readonly ShipmentStatus[] Tracked =
    [
        ShipmentStatus.Booked, ShipmentStatus.Dispatched, ShipmentStatus.InTransit, ShipmentStatus.OutForDelivery, ShipmentStatus.DeliveryFailed,
    ];

    public static bool IsUnderWay(this ShipmentStatus status) => status
        is ShipmentStatus.Dispatched or ShipmentStatus.InTransit or ShipmentStatus.OutForDelivery or ShipmentStatus.DeliveryFailed;

    /// <summary>As clients read it: <c>outForDelivery</c>.</summary>
    public static string Name(this ShipmentStatus status) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(status.ToString());

    public static bool TryParse(string name, out ShipmentStatus status)
    {
        var found = Enum.GetValues<ShipmentStatus>().Where(s => string.Equals(s.Name(), name, StringComparison.OrdinalIgnoreCase)).Select(s => (ShipmentStatus?)s).FirstOrDefault();
        status = found ?? default;
        return found is not null;
    }
}
