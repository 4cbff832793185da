using ModularShop.Shipping.Contracts;

namespace ModularShop.Shipping.Domain;

/// <summary>
/// The one parcel of an order. What the shop wants of the carrier is recorded here first (<see cref="Errand"/>)
/// and carried out later, outside any transaction; an answer that nobody waits for any more changes nothing.
/// </summary>
internal sealed class Shipment : AggregateRoot
{
    private const string Warehouse = "Warehouse Leipzig, DE";

    private readonly List<TrackingEvent> _events = [];

    public Guid OrderId { get; private init; }

    public required string OrderNumber { get; init; }

    public Guid CustomerId { get; private init; }

    public required string TrackingNumber { get; init; }

    public required PostalAddress Address { get; init; }

    public required string ServiceCode { get; init; }

    public int WeightGrams { get; private init; }

    public ShipmentStatus Status { get; private set; }

    /// <summary>Why it was refused.</summary>
    public string? Reason { get; private set; }

    public DateTimeOffset RequestedAt { get; private init; }

    public DateTimeOffset? BookedAt { get; private set; }

    public DateTimeOffset? DispatchedAt { get; private set; }

    public DateTimeOffset? DeliveredAt { get; private set; }

    public CarrierErrand Errand { get; private set; }

    /// <summary>When the carrier is to be called for the errand; null where there is none.</summary>
    public DateTimeOffset? NextCallAt { get; private set; }

    /// <summary>Calls made in vain for the errand.</summary>
    public int FailedCalls { get; private set; }

    /// <summary>How much of the carrier's history is in <see cref="Events"/>.</summary>
    public int CarrierEvents { get; private set; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<TrackingEvent> Events => _events;

    public static Shipment Request(CreateShipment command, PostalAddress address, DateTimeOffset now)
    {
        var shipment = From(command, address, now);
        shipment.Enter(ShipmentStatus.Requested, now, "Shipment requested");
        shipment.Run(CarrierErrand.Book, now);
        return shipment;
    }

    /// <summary>A shipment that cannot be: kept, so that a second request gets the same answer.</summary>
    public static Shipment Refuse(CreateShipment command, PostalAddress address, string reason, DateTimeOffset now)
    {
        var shipment = From(command, address, now);
        shipment.Refuse(reason, now);
        return shipment;
    }

    /// <summary>A second request for the same order: the answer of the first one, if there is one yet.</summary>
    public void AnswerAgain()
    {
        switch (Status)
        {
            case ShipmentStatus.Requested or ShipmentStatus.Cancelling:
                break;
            case ShipmentStatus.Refused:
                Publish(new ShipmentRefused(OrderId, Reason!));
                break;
            case ShipmentStatus.Cancelled:
                Publish(new ShipmentRefused(OrderId, RefusalReasons.Cancelled));
                break;
            default:
                Publish(new ShipmentCreated(OrderId, Id, TrackingNumber));
                break;
        }
    }

    /// <summary>
    /// Cancels, and answers. Without a confirmed booking there is no label and nothing can leave, so the answer
    /// is given at once; of a booked parcel only the carrier knows whether it has been collected.
    /// </summary>
    public void Cancel(DateTimeOffset now)
    {
        switch (Status)
        {
            case ShipmentStatus.Requested:
                Enter(ShipmentStatus.Cancelled, now, "Cancelled before it was booked");
                Run(CarrierErrand.Cancel, now);
                Publish(new ShipmentCancelled(OrderId));
                break;
            case ShipmentStatus.Booked:
                Enter(ShipmentStatus.Cancelling, now, "Cancellation requested");
                Run(CarrierErrand.Cancel, now);
                break;
            case ShipmentStatus.Cancelling:
                break;
            case ShipmentStatus.Cancelled or ShipmentStatus.Refused:
                Publish(new ShipmentCancelled(OrderId));
                break;
            case ShipmentStatus.Delivered:
                Publish(new ShipmentCancellationRefused(OrderId, CancellationRefusals.AlreadyDelivered));
                break;
            case ShipmentStatus.Returned:
                Publish(new ShipmentCancellationRefused(OrderId, CancellationRefusals.Returned));
                break;
            default:
                Publish(new ShipmentCancellationRefused(OrderId, CancellationRefusals.AlreadyDispatched));
                break;
        }
    }

    public void Booked(DateTimeOffset now)
    {
        // Cancelled or given up meanwhile: the cancellation that is under way undoes the booking.
        if (Status is not ShipmentStatus.Requested)
        {
            return;
        }

        BookedAt = now;
        Enter(ShipmentStatus.Booked, now, "Announced to the carrier, label printed");
        Finish();
        Publish(new ShipmentCreated(OrderId, Id, TrackingNumber));
    }

    public void AddressNotServed(DateTimeOffset now)
    {
        if (Status is ShipmentStatus.Requested)
        {
            Finish();
            Refuse(RefusalReasons.AddressNotServed, now);
        }
    }

    /// <summary>
    /// The carrier did not answer. True where that is given up: the carrier may have booked the parcel all the
    /// same, so it is asked to forget it until it says that it has.
    /// </summary>
    public bool BookingFailed(DateTimeOffset now, DateTimeOffset nextCallAt, TimeSpan giveUpAfter)
    {
        if (Status is not ShipmentStatus.Requested)
        {
            return false;
        }

        if (now - RequestedAt < giveUpAfter)
        {
            FailedCalls++;
            NextCallAt = nextCallAt;
            return false;
        }

        Refuse(RefusalReasons.CarrierUnavailable, now);
        Run(CarrierErrand.Cancel, now);
        return true;
    }

    public void CancellationConfirmed(DateTimeOffset now)
    {
        if (Errand is not CarrierErrand.Cancel)
        {
            return;
        }

        Finish();
        if (Status is ShipmentStatus.Cancelling)
        {
            Enter(ShipmentStatus.Cancelled, now, "Cancelled before it left");
            Publish(new ShipmentCancelled(OrderId));
        }
    }

    /// <summary>The carrier has collected the parcel. True where the shop has already said that none would leave.</summary>
    public bool CancellationCameTooLate(DateTimeOffset now)
    {
        if (Errand is not CarrierErrand.Cancel)
        {
            return false;
        }

        Finish();
        if (Status is not ShipmentStatus.Cancelling)
        {
            return true;
        }

        Enter(ShipmentStatus.Booked, now, "Could not be cancelled: the carrier has collected the parcel");
        Publish(new ShipmentCancellationRefused(OrderId, CancellationRefusals.AlreadyDispatched));
        return false;
    }

    public void CancellationFailed(DateTimeOffset nextCallAt)
    {
        if (Errand is CarrierErrand.Cancel)
        {
            FailedCalls++;
            NextCallAt = nextCallAt;
        }
    }

    /// <summary>Takes over what is new in the carrier's history; recording the same history twice changes nothing.</summary>
    public void Record(IReadOnlyList<CarrierEvent> history)
    {
        foreach (var happened in history.Skip(CarrierEvents))
        {
            // Between two events it may be cancelled or final: the rest of the history is nobody's business then.
            if (!ShipmentStatuses.Tracked.Contains(Status))
            {
                return;
            }

            CarrierEvents++;
            Enter(happened.Status, happened.At, happened.Text, happened.Place);
            if (DispatchedAt is null && Status is not ShipmentStatus.Booked)
            {
                DispatchedAt = happened.At;
                Publish(new ShipmentDispatched(OrderId, Id, TrackingNumber, happened.At));
            }

            if (Status is ShipmentStatus.Delivered)
            {
                DeliveredAt = happened.At;
                Publish(new ShipmentDelivered(OrderId, Id, happened.At));
            }
            else if (Status is ShipmentStatus.Returned)
            {
                Publish(new ShipmentReturned(OrderId, Id, happened.At));
            }
        }
    }

    private static Shipment From(CreateShipment command, PostalAddress address, DateTimeOffset now) => new()
    {
        OrderId = command.OrderId,
        OrderNumber = Clip(command.OrderNumber, 40),
        CustomerId = command.CustomerId,
        TrackingNumber = Domain.TrackingNumber.New(),
        Address = address,
        ServiceCode = Clip(command.ServiceCode, 40),
        WeightGrams = command.WeightGrams,
        RequestedAt = now,
    };

    private static string Clip(string text, int length) => text.Length <= length ? text : text[..length];

    private void Refuse(string reason, DateTimeOffset now)
    {
        Reason = reason;
        Enter(ShipmentStatus.Refused, now, $"Refused: {reason}");
        Publish(new ShipmentRefused(OrderId, reason));
    }

    private void Run(CarrierErrand errand, DateTimeOffset now) => (Errand, NextCallAt, FailedCalls) = (errand, now, 0);

    private void Finish() => (Errand, NextCallAt, FailedCalls) = (CarrierErrand.None, null, 0);

    private void Enter(ShipmentStatus status, DateTimeOffset at, string text, string place = Warehouse)
    {
        Status = status;
        _events.Add(new TrackingEvent
        {
            ShipmentId = Id,
            Number = _events.Count + 1,
            At = at,
            Status = status,
            Place = Clip(place, TrackingEvent.MaxPlace),
            Text = Clip(text, TrackingEvent.MaxText),
        });
    }
}
