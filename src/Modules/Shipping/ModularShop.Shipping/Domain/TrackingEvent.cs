namespace ModularShop.Shipping.Domain;

/// <summary>Something that happened to a parcel.</summary>
internal sealed class TrackingEvent
{
    public const int MaxPlace = 100;

    public const int MaxText = 300;

    public Guid ShipmentId { get; init; }

    public int Number { get; init; }

    public DateTimeOffset At { get; init; }

    public ShipmentStatus Status { get; init; }

    /// <summary>A depot or a country, never somebody's address.</summary>
    public required string Place { get; init; }

    /// <summary>For owner and operators.</summary>
    public required string Text { get; init; }
}
