using Microsoft.Extensions.Logging;

namespace ModularShop.Shipping;

internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Warning, "The carrier keeps failing at {What} and is left alone for {Pause}")]
    public static partial void CarrierLeftAlone(ILogger logger, Exception? exception, string what, TimeSpan pause);

    [LoggerMessage(6002, LogLevel.Information, "The carrier answers again at {What}")]
    public static partial void CarrierAnswersAgain(ILogger logger, string what);

    [LoggerMessage(6003, LogLevel.Warning, "Booking of parcel {TrackingNumber} for order {OrderId} given up after {Age}: {Reason}")]
    public static partial void BookingGivenUp(ILogger logger, string trackingNumber, Guid orderId, TimeSpan age, string reason);

    [LoggerMessage(6004, LogLevel.Error, "The carrier has collected parcel {TrackingNumber} of order {OrderId}, which was cancelled: have it called back")]
    public static partial void LeftAllTheSame(ILogger logger, string trackingNumber, Guid orderId);

    [LoggerMessage(6005, LogLevel.Warning, "{Count} parcels could not be tracked; the next run asks again: {Reason}")]
    public static partial void TrackingFailed(ILogger logger, int count, string reason);
}
