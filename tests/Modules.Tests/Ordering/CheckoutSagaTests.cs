using ModularShop.Catalog.Contracts;
using ModularShop.Contracts;
using ModularShop.Ordering.Domain;
using ModularShop.Shipping.Contracts;

namespace Modules.Tests.Ordering;

/// <summary>Every state of the saga with everything it can hear: where it goes and what it sends, and nothing else.</summary>
public sealed class CheckoutSagaTests
{
    private static readonly CheckoutOptions Options = new();

    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>What is heard, per state: the state after it and the commands sent. What is not here changes nothing.</summary>
    private static readonly Dictionary<(string State, string Heard), (string Next, string Commands, string Order)> Transitions = new()
    {
        [("ReservingStock", "StockReserved")] = ("AuthorisingPayment", "AuthorisePayment", "Placed"),
        [("ReservingStock", "StockRefused")] = ("Rejected", "", "Rejected"),
        [("ReservingStock", "StockExpired")] = ("Rejected", "ReleaseStock", "Rejected"),
        [("ReservingStock", "AuthorisationExpired")] = ("Rejected", "ReleaseStock", "Rejected"),
        [("ReservingStock", "Timeout")] = ("Rejected", "ReleaseStock", "Rejected"),
        [("ReservingStock", "Cancel")] = ("Cancelled", "ReleaseStock", "Cancelled"),

        [("AuthorisingPayment", "PaymentAuthorised")] = ("CreatingShipment", "CreateShipment", "Placed"),
        [("AuthorisingPayment", "PaymentDeclined")] = ("Rejected", "ReleaseStock", "Rejected"),
        [("AuthorisingPayment", "StockExpired")] = ("Rejected", "VoidPayment ReleaseStock", "Rejected"),
        [("AuthorisingPayment", "AuthorisationExpired")] = ("Rejected", "VoidPayment ReleaseStock", "Rejected"),
        [("AuthorisingPayment", "Timeout")] = ("Rejected", "VoidPayment ReleaseStock", "Rejected"),
        [("AuthorisingPayment", "Cancel")] = ("Cancelled", "VoidPayment ReleaseStock", "Cancelled"),

        [("CreatingShipment", "ShipmentCreated")] = ("Confirmed", "", "Confirmed"),
        [("CreatingShipment", "ShipmentRefused")] = ("Rejected", "VoidPayment ReleaseStock", "Rejected"),
        [("CreatingShipment", "ShipmentCancelled")] = ("Rejected", "VoidPayment ReleaseStock", "Rejected"),
        [("CreatingShipment", "StockExpired")] = ("StoppingShipment", "CancelShipment", "Placed"),
        [("CreatingShipment", "AuthorisationExpired")] = ("StoppingShipment", "CancelShipment", "Placed"),
        [("CreatingShipment", "Timeout")] = ("StoppingShipment", "CancelShipment", "Placed"),
        [("CreatingShipment", "Cancel")] = ("StoppingShipment", "CancelShipment", "Cancelling"),

        [("Confirmed", "StockExpired")] = ("StoppingShipment", "CancelShipment", "Cancelling"),
        [("Confirmed", "AuthorisationExpired")] = ("StoppingShipment", "CancelShipment", "Cancelling"),
        [("Confirmed", "ShipmentCancelled")] = ("Cancelled", "VoidPayment ReleaseStock", "Cancelled"),
        [("Confirmed", "ParcelCameBack")] = ("Cancelled", "VoidPayment ReleaseStock", "Cancelled"),
        [("Confirmed", "Cancel")] = ("StoppingShipment", "CancelShipment", "Cancelling"),

        [("StoppingShipment", "ShipmentCancelled")] = ("Cancelled", "VoidPayment ReleaseStock", "Cancelled"),
        [("StoppingShipment", "CancellationRefused")] = ("Confirmed", "", "Confirmed"),
    };

    private static readonly string[] Heard =
    [
        "StockReserved", "StockRefused", "StockExpired", "PaymentAuthorised", "PaymentDeclined", "AuthorisationExpired", "ShipmentCreated", "ShipmentRefused",
        "ShipmentCancelled", "CancellationRefused", "ParcelCameBack", "Timeout", "Cancel",
    ];

    public static TheoryData<string, string> EveryStateAndMessage()
    {
        var all = new TheoryData<string, string>();
        foreach (var state in Enum.GetNames<CheckoutState>())
        {
            // Once confirmed nothing is waited for, so no reminder is ever sent.
            foreach (var heard in Heard.Where(h => (state, h) != ("Confirmed", "Timeout")))
            {
                all.Add(state, heard);
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(EveryStateAndMessage))]
    public void A_saga_moves_only_as_the_table_says(string state, string heard)
    {
        var (saga, order) = In(Enum.Parse<CheckoutState>(state));
        var (steps, status) = (saga.Steps.Count, order.Status);
        _ = (saga.TakeMessages(), order.TakeMessages());

        Hears(saga, order, heard);

        var commands = string.Join(' ', saga.TakeMessages().Where(m => m.Due is null).Select(m => m.Message.GetType().Name));
        if (Transitions.TryGetValue((state, heard), out var expected))
        {
            (saga.State.ToString(), commands, order.Status.ToString()).ShouldBe((expected.Next, expected.Commands, expected.Order));
            saga.Steps.Count.ShouldBe(steps + 1);
            var undone = CheckoutNotes.UndoneBy(saga.Steps[^1].Note);
            undone.Contains(Compensation.PaymentVoided).ShouldBe(commands.Contains("VoidPayment", StringComparison.Ordinal));
            undone.Any(u => u is Compensation.StockReleased or Compensation.StockReturned).ShouldBe(commands.Contains("ReleaseStock", StringComparison.Ordinal));
            undone.Contains(Compensation.ShipmentStopped).ShouldBe(heard == "ShipmentCancelled");
        }
        else
        {
            (saga.State.ToString(), commands, order.Status).ShouldBe((state, "", status));
            saga.Steps.Count.ShouldBe(steps);
        }
    }

    [Fact]
    public void A_failure_while_the_shipment_is_created_rejects_the_order_once_the_shipment_is_stopped()
    {
        var (saga, order) = In(CheckoutState.CreatingShipment);
        Hears(saga, order, "Timeout");
        Hears(saga, order, "ShipmentCreated");
        saga.State.ShouldBe(CheckoutState.StoppingShipment);
        _ = (saga.TakeMessages(), order.TakeMessages());

        Hears(saga, order, "ShipmentCancelled");

        order.Status.ShouldBe(OrderStatus.Rejected);
        saga.TakeMessages().Select(m => m.Message.GetType().Name).ShouldBe(["VoidPayment", "ReleaseStock"]);
        order.TakeMessages().Select(m => m.Message.GetType().Name).ShouldBe(["OrderStatusChanged", "OrderCancelled", "OrderRejected"]);
    }

    [Fact]
    public void An_order_whose_parcel_left_while_it_was_given_up_is_confirmed_after_all()
    {
        var (saga, order) = In(CheckoutState.CreatingShipment);
        Hears(saga, order, "Timeout");
        order.TakeMessages();

        Hears(saga, order, "CancellationRefused");

        (saga.State, order.Status).ShouldBe((CheckoutState.Confirmed, OrderStatus.Confirmed));
        order.TakeMessages().Select(m => m.Message.GetType().Name).ShouldContain(m => m == "OrderConfirmed");
    }

    [Fact]
    public void A_cancellation_while_a_failed_checkout_is_undone_is_granted()
    {
        var (saga, order) = In(CheckoutState.CreatingShipment);
        Hears(saga, order, "Timeout");
        Hears(saga, order, "Cancel");
        Hears(saga, order, "ShipmentCancelled");

        (saga.State, order.Status).ShouldBe((CheckoutState.Cancelled, OrderStatus.Cancelled));
    }

    [Fact]
    public void A_reminder_of_an_earlier_stay_in_the_same_state_is_ignored()
    {
        var (saga, order) = In(CheckoutState.StoppingShipment);
        var stale = new CheckoutTimedOut(order.Id, CheckoutState.StoppingShipment, saga.Steps.Count);
        Hears(saga, order, "CancellationRefused");
        Hears(saga, order, "Cancel");
        saga.State.ShouldBe(CheckoutState.StoppingShipment);

        saga.TimesOut(stale, order, Options, Now).ShouldBeTrue();
        saga.TimesOut(stale with { Step = saga.Steps.Count }, order, Options, Now).ShouldBeFalse();
    }

    [Theory]
    [InlineData(CheckoutState.ReservingStock, 30)]
    [InlineData(CheckoutState.AuthorisingPayment, 120)]
    [InlineData(CheckoutState.CreatingShipment, 120)]
    [InlineData(CheckoutState.StoppingShipment, 120)]
    internal void Every_step_that_waits_has_a_reminder_of_its_own(CheckoutState state, int seconds)
    {
        var (saga, order) = In(state);

        var reminder = saga.TakeMessages().Last(m => m.Due is not null);

        reminder.Due.ShouldBe(Now.AddSeconds(seconds));
        reminder.Message.ShouldBe(new CheckoutTimedOut(order.Id, state, saga.Steps.Count));
    }

    [Fact]
    public void The_card_token_is_forgotten_once_the_payment_is_asked_for()
    {
        In(CheckoutState.ReservingStock).Saga.CardToken.ShouldBe("tok_approved");
        In(CheckoutState.AuthorisingPayment).Saga.CardToken.ShouldBeNull();
    }

    [Fact]
    public void A_status_never_goes_back_whatever_the_order_of_the_news()
    {
        var (_, order) = In(CheckoutState.CreatingShipment);

        order.MarkShipped();
        order.Confirm(Now);
        order.Status.ShouldBe(OrderStatus.Shipped);
        order.Complete("INV-1");
        order.MarkDelivered();
        order.MarkShipped();

        order.Status.ShouldBe(OrderStatus.Completed);
        order.TakeMessages().Count(m => m.Message is ModularShop.Ordering.Contracts.OrderConfirmed).ShouldBe(1);
    }

    private static (CheckoutSaga Saga, Order Order) In(CheckoutState state)
    {
        var cart = Cart.OpenFrom(Now, null);
        cart.SetLine(new ProductSnapshot("A-1", "Kettle", new Money(1999, "EUR"), 500, true, 10), 2, Now);
        var order = Order.Place(cart, Guid.CreateVersion7(), Shopper.Home, new ShippingRate("standard", "Standard", new Money(490, "EUR"), 2, 4), "key-0001", "hash", Now);
        var saga = CheckoutSaga.Start(order, "tok_approved", Options, Now);
        string[] way = state switch
        {
            CheckoutState.ReservingStock => [],
            CheckoutState.AuthorisingPayment => ["StockReserved"],
            CheckoutState.CreatingShipment => ["StockReserved", "PaymentAuthorised"],
            CheckoutState.Confirmed => ["StockReserved", "PaymentAuthorised", "ShipmentCreated"],
            CheckoutState.StoppingShipment => ["StockReserved", "PaymentAuthorised", "ShipmentCreated", "Cancel"],
            CheckoutState.Rejected => ["StockRefused"],
            _ => ["Cancel"],
        };
        foreach (var heard in way)
        {
            Hears(saga, order, heard);
        }

        saga.State.ShouldBe(state);
        return (saga, order);
    }

    private static void Hears(CheckoutSaga saga, Order order, string heard)
    {
        switch (heard)
        {
            case "StockReserved": saga.StockIsReserved(order, Options, Now); break;
            case "StockRefused": saga.StockIsRefused(order, [new StockShortage("A-1", 2, 0)], Now); break;
            case "StockExpired": saga.StockHasExpired(order, Options, Now); break;
            case "PaymentAuthorised": saga.PaymentIsAuthorised(order, Options, Now); break;
            case "PaymentDeclined": saga.PaymentIsDeclined(order, "declined", Now); break;
            case "AuthorisationExpired": saga.AuthorisationHasExpired(order, Options, Now); break;
            case "ShipmentCreated": saga.ShipmentIsCreated(order, Now); break;
            case "ShipmentRefused": saga.ShipmentIsRefused(order, "carrier_unavailable", Now); break;
            case "ShipmentCancelled": saga.ShipmentIsStopped(order, Now); break;
            case "CancellationRefused": saga.ShipmentCannotBeStopped(order, "already_dispatched", Now); break;
            case "ParcelCameBack": saga.ParcelCameBack(order, Now); break;
            case "Timeout": saga.TimesOut(new CheckoutTimedOut(order.Id, saga.State, saga.Steps.Count), order, Options, Now); break;
            case "Cancel" when order.RequestCancellation("You cancelled the order.").Error is null: saga.Cancel(order, "You cancelled the order.", Options, Now); break;
        }
    }
}
