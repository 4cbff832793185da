using ModularShop.Catalog.Contracts;
using ModularShop.Payments.Contracts;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Ordering.Domain;

internal enum CheckoutState
{
    ReservingStock,
    AuthorisingPayment,
    CreatingShipment,

    /// <summary>Done; a cancellation may still come.</summary>
    Confirmed,

    /// <summary>A shipment that there is, or may be, has to be stopped before money and stock are given back.</summary>
    StoppingShipment,
    Rejected,
    Cancelled,
}

internal enum CheckoutEnd
{
    Rejected,
    Cancelled,
}

/// <summary>
/// Leads an order from placed to confirmed, and undoes what was done when that fails or the customer cancels. Its id
/// is the order's; its commands have a subject of its own, so that no module gets an undoing before the doing.
/// </summary>
/// <remarks>
/// :: Step 1 reserves the stock. :: Step 2 authorises the payment. :: Step 3 books the shipment, and the order is
/// confirmed. A refusal, a timeout, a lapsed reservation or authorisation, and a cancellation undo the steps before
/// it, the shipment first: until Shipping says that the parcel stays here, nothing else is given back, and where it has
/// left already the order goes on. An answer that comes when the saga has moved on is ignored: the command that undoes
/// it was sent after the one it answers.
/// </remarks>
internal sealed class CheckoutSaga : Saga<CheckoutState>
{
    public override string Subject => $"checkout/{Id}";

    /// <summary>Kept until the payment is asked for.</summary>
    public string? CardToken { get; private set; }

    /// <summary>What it comes to once the shipment is stopped.</summary>
    public CheckoutEnd? EndsAs { get; private set; }

    public string? EndReason { get; private set; }

    /// <summary>:: Step 1</summary>
    public static CheckoutSaga Start(Order order, string cardToken, CheckoutOptions options, DateTimeOffset now)
    {
        var saga = new CheckoutSaga { Id = order.Id, CardToken = cardToken };
        saga.Publish(new ReserveStock(order.Id, [.. order.Lines.Select(l => new StockLine(l.Sku, l.Quantity))], now + options.Reservation));
        saga.MoveTo(CheckoutState.ReservingStock, now, $"Asked Catalog to reserve {order.Pieces} pieces of {order.Lines.Count} products.");
        saga.RemindIn(options.StockTimeout, now);
        return saga;
    }

    /// <summary>:: Step 2</summary>
    public void StockIsReserved(Order order, CheckoutOptions options, DateTimeOffset now)
    {
        if (State is not CheckoutState.ReservingStock)
        {
            return;
        }

        Publish(new AuthorisePayment(order.Id, order.Number, order.CustomerId, order.Total, CardToken!));
        CardToken = null;
        MoveTo(CheckoutState.AuthorisingPayment, now, $"Stock is reserved. Asked Payments to authorise {order.Total}.");
        RemindIn(options.PaymentTimeout, now);
    }

    /// <summary>:: Step 3</summary>
    public void PaymentIsAuthorised(Order order, CheckoutOptions options, DateTimeOffset now)
    {
        if (State is not CheckoutState.AuthorisingPayment)
        {
            return;
        }

        var weight = Parcel.Weight(order.WeightGrams);
        Publish(new CreateShipment(order.Id, order.Number, order.CustomerId, order.Address, order.ShippingService, weight));
        MoveTo(CheckoutState.CreatingShipment, now, $"The payment is authorised. Asked Shipping for a parcel by {order.ShippingService}.");
        RemindIn(options.ShipmentTimeout, now);
    }

    /// <summary>Also known by its having left.</summary>
    public void ShipmentIsCreated(Order order, DateTimeOffset now)
    {
        if (State is CheckoutState.CreatingShipment)
        {
            MoveTo(CheckoutState.Confirmed, now, "The shipment is created. The order is confirmed.");
            order.Confirm(now);
        }
    }

    public void StockIsRefused(Order order, IReadOnlyList<StockShortage> shortages, DateTimeOffset now)
    {
        if (State is CheckoutState.ReservingStock)
        {
            End(order, CheckoutEnd.Rejected, EndReasons.OutOfStock(order, shortages), now, "Catalog refused the reservation; there is nothing to undo.");
        }
    }

    public void PaymentIsDeclined(Order order, string code, DateTimeOffset now)
    {
        if (State is CheckoutState.AuthorisingPayment)
        {
            Publish(new ReleaseStock(Id));
            End(order, CheckoutEnd.Rejected, EndReasons.Declined(code), now, $"Payments declined: {code}. {CheckoutNotes.StockReleased}");
        }
    }

    public void ShipmentIsRefused(Order order, string code, DateTimeOffset now)
    {
        if (State is CheckoutState.CreatingShipment)
        {
            GiveBack(EndReasons.NoShipment(code));
            End(order, CheckoutEnd.Rejected, EndReasons.NoShipment(code), now, $"Shipping refused: {code}. {CheckoutNotes.AllReleased}");
        }
    }

    public void StockHasExpired(Order order, CheckoutOptions options, DateTimeOffset now) =>
        Fail(order, EndReasons.StockExpired, "Catalog let the reservation lapse.", options, now);

    public void AuthorisationHasExpired(Order order, CheckoutOptions options, DateTimeOffset now) =>
        Fail(order, EndReasons.AuthorisationExpired, "The card's bank let the authorisation lapse.", options, now);

    /// <summary>The order is <see cref="OrderStatus.Cancelling"/> already.</summary>
    public void Cancel(Order order, string reason, CheckoutOptions options, DateTimeOffset now) =>
        Undo(order, CheckoutEnd.Cancelled, reason, "A cancellation was asked for.", options, now);

    /// <summary>As asked for, or by Shipping's own operators.</summary>
    public void ShipmentIsStopped(Order order, DateTimeOffset now)
    {
        (CheckoutEnd End, string Reason)? outcome = State switch
        {
            CheckoutState.StoppingShipment => (EndsAs!.Value, EndReason!),
            CheckoutState.CreatingShipment => (CheckoutEnd.Rejected, EndReasons.NoShipment("cancelled")),
            CheckoutState.Confirmed when order.IsCancellable => (CheckoutEnd.Cancelled, EndReasons.ShipmentStopped),
            _ => null,
        };
        if (outcome is var (end, reason))
        {
            GiveBack(reason);
            End(order, end, reason, now, $"{CheckoutNotes.ShipmentStopped} {CheckoutNotes.AllReleased}");
        }
    }

    /// <summary>Nobody took it: nothing will be captured, and the pieces are in the warehouse again.</summary>
    public void ParcelCameBack(Order order, DateTimeOffset now)
    {
        if (State is CheckoutState.Confirmed && order.Progress < OrderStatus.Delivered)
        {
            GiveBack(EndReasons.ParcelCameBack);
            End(order, CheckoutEnd.Cancelled, EndReasons.ParcelCameBack, now, $"The parcel came back. {CheckoutNotes.AllReturned}");
        }
    }

    public void ShipmentCannotBeStopped(Order order, string code, DateTimeOffset now)
    {
        if (State is CheckoutState.StoppingShipment)
        {
            (EndsAs, EndReason) = (null, null);
            MoveTo(CheckoutState.Confirmed, now, $"Shipping cannot stop the shipment: {code}. The order goes on.");
            order.Confirm(now);
            order.GoOn(EndReasons.CannotBeStopped(code));
        }
    }

    /// <summary>False where the saga can only go on waiting, and somebody should look after Shipping.</summary>
    public bool TimesOut(CheckoutTimedOut timeout, Order order, CheckoutOptions options, DateTimeOffset now)
    {
        if (State != timeout.State || Steps.Count != timeout.Step)
        {
            return true;
        }

        if (State is CheckoutState.StoppingShipment)
        {
            return false;
        }

        Fail(order, EndReasons.NoAnswer(State), "No answer came in time.", options, now);
        return true;
    }

    /// <summary>Before the order is confirmed it is rejected; after, the shop has to cancel it, if the parcel is still here.</summary>
    private void Fail(Order order, string reason, string note, CheckoutOptions options, DateTimeOffset now)
    {
        if (State is not CheckoutState.Confirmed)
        {
            Undo(order, CheckoutEnd.Rejected, reason, note, options, now);
        }
        else if (order.IsCancellable)
        {
            order.RequestCancellation(reason);
            Undo(order, CheckoutEnd.Cancelled, reason, note, options, now);
        }
    }

    /// <summary>Undoes what was done, and what may have been done by a command that is not answered yet.</summary>
    private void Undo(Order order, CheckoutEnd end, string reason, string note, CheckoutOptions options, DateTimeOffset now)
    {
        switch (State)
        {
            case CheckoutState.ReservingStock:
                Publish(new ReleaseStock(Id));
                End(order, end, reason, now, $"{note} {CheckoutNotes.StockReleased}");
                break;
            case CheckoutState.AuthorisingPayment:
                GiveBack(reason);
                End(order, end, reason, now, $"{note} {CheckoutNotes.AllReleased}");
                break;
            case CheckoutState.CreatingShipment or CheckoutState.Confirmed:
                (EndsAs, EndReason) = (end, reason);
                Publish(new CancelShipment(Id));
                MoveTo(CheckoutState.StoppingShipment, now, $"{note} Asked Shipping to stop the shipment.");
                RemindIn(options.ShipmentTimeout, now);
                break;
            case CheckoutState.StoppingShipment when end is CheckoutEnd.Cancelled:
                (EndsAs, EndReason) = (end, reason);
                break;
        }
    }

    private void GiveBack(string reason)
    {
        Publish(new VoidPayment(Id, reason));
        Publish(new ReleaseStock(Id));
    }

    private void End(Order order, CheckoutEnd end, string reason, DateTimeOffset now, string note)
    {
        (CardToken, EndsAs, EndReason) = (null, end, reason);
        if (end is CheckoutEnd.Rejected)
        {
            MoveTo(CheckoutState.Rejected, now, note);
            order.Reject(reason);
        }
        else
        {
            MoveTo(CheckoutState.Cancelled, now, note);
            order.Cancel(reason);
        }
    }

    private void RemindIn(TimeSpan patience, DateTimeOffset now) => RemindAt(now + patience, new CheckoutTimedOut(Id, State, Steps.Count));
}
