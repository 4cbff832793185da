using Microsoft.Extensions.Logging;

namespace ModularShop.Payments;

internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Warning, "The payment provider does not answer; no calls for {Pause}. Payments wait and are finished when it is back.")]
    public static partial void BreakerOpened(ILogger logger, TimeSpan pause);

    [LoggerMessage(5002, LogLevel.Information, "The payment provider answers again.")]
    public static partial void BreakerClosed(ILogger logger);

    [LoggerMessage(5003, LogLevel.Warning, "{Call} of order {OrderNumber}: {Why}. Attempt {Attempt}; again in {Wait} with the same key.")]
    public static partial void Unanswered(ILogger logger, string call, string orderNumber, string why, int attempt, TimeSpan wait);

    [LoggerMessage(5004, LogLevel.Error, "{Call} of order {OrderNumber} was refused by the provider: {Reason}. Look at the payment and decide: capture, void or refund it again, or settle it at the provider.")]
    public static partial void Refused(ILogger logger, string call, string orderNumber, string reason);

    [LoggerMessage(5005, LogLevel.Error, "Order {OrderId} was delivered, but its payment cannot be captured: {Reason}")]
    public static partial void DeliveredUnpaid(ILogger logger, Guid orderId, string reason);

    [LoggerMessage(5006, LogLevel.Warning, "The provider gave no answer to the authorisation of order {OrderNumber} for {Waited}: declined, and undone at the provider.")]
    public static partial void GivenUp(ILogger logger, string orderNumber, TimeSpan waited);

    [LoggerMessage(5007, LogLevel.Warning, "A webhook was refused: its signature is missing, wrong or too old. If the provider sent it, compare Payments:Provider:WebhookSecret and the clocks.")]
    public static partial void SignatureRefused(ILogger logger);

    [LoggerMessage(5008, LogLevel.Warning, "The provider reports {Type} for {MerchantReference}, which is no payment of this shop: two shops may share one account.")]
    public static partial void UnknownPayment(ILogger logger, string type, Guid merchantReference);
}
