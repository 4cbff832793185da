using Microsoft.Extensions.Logging;

namespace ModularShop.Catalog;

internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Warning, "An import rejected {Rejected} lines; {Created} products created, {Updated} updated, {Unchanged} unchanged. The answer to the request says what to mend")]
    public static partial void ImportRejected(ILogger logger, int rejected, int created, int updated, int unchanged);

    [LoggerMessage(3002, LogLevel.Error, "Order {Number} is confirmed, but its reservation had expired and its pieces are with other orders: {Lines}. Restock, or cancel the order")]
    public static partial void ConfirmedWithoutStock(ILogger logger, string number, string lines);
}
