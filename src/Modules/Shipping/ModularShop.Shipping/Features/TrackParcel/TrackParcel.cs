using ModularShop.Shipping.Domain;

namespace ModularShop.Shipping.Features.TrackParcel;

internal sealed record TrackParcel(string TrackingNumber) : IQuery<Result<ParcelTrack>>;

/// <summary>What anybody who knows the number may see: nothing about the recipient, and no free text.</summary>
internal sealed record ParcelTrack(string TrackingNumber, ShipmentStatus Status, IReadOnlyList<ParcelStop> Events);

internal sealed record ParcelStop(DateTimeOffset At, ShipmentStatus Status, string Place);
