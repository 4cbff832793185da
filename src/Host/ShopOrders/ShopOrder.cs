using ModularShop.Modularity.Domain;
using ModularShop.Ordering.Contracts;
using ModularShop.Payments.Contracts;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Host.ShopOrders;

/// <summary>An order as its customer thinks of it: with its payment and its parcel, each from the module it belongs to.</summary>
/// <param name="Payment">Null where none was asked for yet; or it is missing.</param>
/// <param name="Shipment">Null where none was asked for yet; or it is missing.</param>
/// <param name="Missing">What cannot be had at the moment. Empty: the answer is complete.</param>
internal sealed record ShopOrder(OrderSummary Order, PaymentSummary? Payment, ShipmentSummary? Shipment, IReadOnlyList<MissingPart> Missing);

/// <param name="Part"><c>payment</c> or <c>shipment</c>.</param>
internal sealed record MissingPart(string Part, MissingReason Reason, string Detail);

internal enum MissingReason
{
    /// <summary>Its module does not answer.</summary>
    Unavailable,

    /// <summary>Its module did not answer in time.</summary>
    TooSlow,
}

internal enum ShopError
{
    [Status(404)] OrderNotFound,
}

/// <summary>Section <c>ShopOrders</c>.</summary>
internal sealed record ShopOrderOptions
{
    /// <summary>How long each part is waited for, 0.05 to 30 seconds.</summary>
    public double PartSeconds { get; init; } = 1;
}
