using ModularShop.Shipping.Domain;

namespace ModularShop.Shipping.Features.ListShipments;

internal sealed record ListShipments(string? Status, string? After, int Size) : IQuery<Result<Page<ShipmentRow>>>;

internal sealed record ShipmentRow(
    Guid OrderId, string OrderNumber, string TrackingNumber, ShipmentStatus Status, string? Reason, string Service, string Country, int WeightGrams,
    DateTimeOffset RequestedAt, bool WaitsForCarrier, int FailedCalls);

internal sealed class ListShipmentsValidator : AbstractValidator<ListShipments>
{
    private static readonly string Names = string.Join(", ", Enum.GetValues<ShipmentStatus>().Select(s => s.Name()));

    public ListShipmentsValidator()
    {
        RuleFor(q => q.Size).InclusiveBetween(1, Cursor.MaxSize);
        RuleFor(q => q.Status).Must(s => s is null || ShipmentStatuses.TryParse(s, out _)).WithMessage($"There is no such status; there are {Names}.");
    }
}
