using Microsoft.Extensions.Logging;

namespace ModularShop.Ordering;

internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Warning,
        "Order {Number} waits for Shipping to say whether its shipment is stopped. Payment and stock are held until then: look after Shipping's inbox and dead letters (order id {OrderId})")]
    public static partial void ShippingDoesNotAnswer(ILogger logger, string number, Guid orderId);

    [LoggerMessage(4002, LogLevel.Warning,
        "The payment authorisation of order {Number} has lapsed and its parcel has left already: the customer has to be billed another way (order id {OrderId})")]
    public static partial void ShippedUnpaid(ILogger logger, string number, Guid orderId);
}
