using ModularShop.Ordering.Domain;

namespace ModularShop.Ordering.Features.GetOrder;

/// <param name="CustomerId">Whose order it must be; null for operators.</param>
internal sealed record GetOrder(Guid OrderId, Guid? CustomerId) : IQuery<Result<OrderDetails>>;

/// <param name="Reason">Why it was rejected or cancelled, or could not be cancelled.</param>
/// <param name="ReturnedToCartId">Of a rejected order: the cart its lines are in again.</param>
internal sealed record OrderDetails(
    Guid Id, string Number, OrderStatus Status, string? Reason, bool Cancellable, DateTimeOffset PlacedAt, IReadOnlyList<OrderDetailsLine> Lines, Money ItemsTotal,
    OrderShipping Shipping, Money Total, PostalAddress Address, string? TrackingNumber, string? InvoiceNumber, Guid? ReturnedToCartId)
{
    public static OrderDetails Of(Order order) => new(
        order.Id, order.Number, order.Status, order.Reason, order.IsCancellable, order.PlacedAt,
        [.. order.Lines.OrderBy(l => l.Position).Select(l => new OrderDetailsLine(l.Sku, l.Name, l.UnitPrice, l.Quantity, l.Total))], order.ItemsTotal,
        new OrderShipping(order.ShippingService, order.ShippingName, order.ShippingPrice), order.Total, order.Address, order.TrackingNumber,
        order.InvoiceNumber, order.ReturnedToCartId);
}

internal sealed record OrderDetailsLine(string Sku, string Name, Money UnitPrice, int Quantity, Money Total);

internal sealed record OrderShipping(string Service, string Name, Money Price);
