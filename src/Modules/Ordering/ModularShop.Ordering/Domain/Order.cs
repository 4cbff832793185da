using ModularShop.Ordering.Contracts;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Ordering.Domain;

/// <summary>The first five are the way of an order that goes well, in its order.</summary>
internal enum OrderStatus
{
    Placed,
    Confirmed,
    Shipped,
    Delivered,
    Completed,
    Rejected,
    Cancelling,
    Cancelled,
}

/// <summary>What a customer has bought, at the prices of that moment; only its status changes.</summary>
internal sealed class Order : AggregateRoot
{
    public const int ReasonLength = 1000;

    private readonly List<OrderLine> _lines = [];

    public required string Number { get; init; }

    public Guid CustomerId { get; private init; }

    public OrderStatus Status { get; private set; }

    /// <summary>How far it has come on its way, cancellations aside. Never goes back.</summary>
    public OrderStatus Progress { get; private set; }

    /// <summary>Why it was rejected or cancelled, or why it could not be; for the customer to read.</summary>
    public string? Reason { get; private set; }

    public required PostalAddress Address { get; init; }

    public required string ShippingService { get; init; }

    public required string ShippingName { get; init; }

    public Money ShippingPrice { get; private init; }

    public Money ItemsTotal { get; private init; }

    public Money Total { get; private init; }

    public DateTimeOffset PlacedAt { get; private init; }

    public DateTimeOffset? ConfirmedAt { get; private set; }

    public string? TrackingNumber { get; private set; }

    public string? InvoiceNumber { get; private set; }

    /// <summary>Where the lines of a rejected order went.</summary>
    public Guid? ReturnedToCartId { get; private set; }

    /// <summary>The customer's idempotency key: one key, one order.</summary>
    public required string CheckoutKey { get; init; }

    /// <summary>Of the request that the key came with.</summary>
    public required string CheckoutHash { get; init; }

    public IReadOnlyList<OrderLine> Lines => _lines;

    public int Pieces => _lines.Sum(l => l.Quantity);

    public long WeightGrams => _lines.Sum(l => (long)l.WeightGrams * l.Quantity);

    public bool IsOver => Status is OrderStatus.Rejected or OrderStatus.Cancelled;

    public bool IsCancellable => Progress < OrderStatus.Shipped && Status is OrderStatus.Placed or OrderStatus.Confirmed;

    public static Order Place(Cart cart, Guid customerId, PostalAddress address, ShippingRate shipping, string key, string hash, DateTimeOffset now)
    {
        var items = cart.Total ?? throw new InvalidOperationException($"Cart {cart.Id} is empty.");
        var order = new Order
        {
            Number = OrderNumber.Make(),
            CustomerId = customerId,
            Address = address,
            ShippingService = shipping.ServiceCode,
            ShippingName = shipping.Name,
            ShippingPrice = shipping.Price,
            ItemsTotal = items,
            Total = items + shipping.Price,
            PlacedAt = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond)),
            CheckoutKey = key,
            CheckoutHash = hash,
        };
        order._lines.AddRange(cart.Lines.OrderBy(l => l.Position).Select((line, i) => OrderLine.Of(order.Id, line.AsItem(), i + 1)));
        order.MoveTo(OrderStatus.Placed);
        return order;
    }

    public void Confirm(DateTimeOffset now)
    {
        if (ConfirmedAt is null && !IsOver)
        {
            ConfirmedAt = now;
            Publish(new OrderConfirmed(Id, Number, CustomerId, Total));
            Advance(OrderStatus.Confirmed);
        }
    }

    public void Track(string trackingNumber) => TrackingNumber = trackingNumber;

    public void MarkShipped() => Advance(OrderStatus.Shipped);

    public void MarkDelivered() => Advance(OrderStatus.Delivered);

    /// <summary>Paid and invoiced, which happens only to what was delivered.</summary>
    public void Complete(string invoiceNumber)
    {
        InvoiceNumber = invoiceNumber;
        Advance(OrderStatus.Completed);
    }

    /// <summary>Asks for it; whether it can still be done, the carrier decides. To ask twice is to ask once.</summary>
    public Result RequestCancellation(string reason)
    {
        if (Status is OrderStatus.Cancelling or OrderStatus.Cancelled)
        {
            return Result.Ok;
        }

        if (!IsCancellable)
        {
            return OrderingError.OrderNotCancellable.Because(Status is OrderStatus.Rejected
                ? $"Order {Number} was rejected; there is nothing left to cancel."
                : $"Order {Number} has been handed to the carrier; refuse the parcel, or send it back.");
        }

        Reason = reason;
        MoveTo(OrderStatus.Cancelling);
        return Result.Ok;
    }

    /// <summary>The cancellation came too late; the order goes on from where it is.</summary>
    public void GoOn(string reason)
    {
        if (Status is OrderStatus.Cancelling)
        {
            Reason = reason;
            MoveTo(Progress);
        }
    }

    public void Cancel(string reason) => End(OrderStatus.Cancelled, reason);

    public void Reject(string reason)
    {
        End(OrderStatus.Rejected, reason);
        Publish(new OrderRejected(Id));
    }

    public OrderStatusChanged AsOfNow() => new(Id, Number, CustomerId, Status, Total, Pieces, PlacedAt, Reason);

    public void ReturnTo(Cart cart) => ReturnedToCartId = cart.Id;

    private void End(OrderStatus end, string reason)
    {
        if (IsOver)
        {
            throw new InvalidOperationException($"Order {Number} is {Status} already.");
        }

        Reason = reason;
        MoveTo(end);
        Publish(new OrderCancelled(Id, Number, CustomerId, reason));
    }

    /// <summary>Other modules' facts arrive in any order: the furthest counts.</summary>
    private void Advance(OrderStatus to)
    {
        if (IsOver || Progress >= to)
        {
            return;
        }

        Progress = to;
        if (Status is not OrderStatus.Cancelling)
        {
            MoveTo(to);
        }
    }

    private void MoveTo(OrderStatus status)
    {
        Status = status;
        Publish(AsOfNow());
    }
}

internal sealed class OrderLine
{
    public Guid OrderId { get; private init; }

    public int Position { get; private init; }

    public required string Sku { get; init; }

    public required string Name { get; init; }

    public Money UnitPrice { get; private init; }

    public int WeightGrams { get; private init; }

    public int Quantity { get; private init; }

    public Money Total => UnitPrice * Quantity;

    public static OrderLine Of(Guid orderId, CartItem item, int position) => new()
    {
        OrderId = orderId, Position = position, Sku = item.Sku, Name = item.Name, UnitPrice = item.UnitPrice, WeightGrams = item.WeightGrams, Quantity = item.Quantity,
    };

    public CartItem AsItem() => new(Sku, Name, UnitPrice, WeightGrams, Quantity);
}
