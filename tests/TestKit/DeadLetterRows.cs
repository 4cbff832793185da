using ModularShop.Messaging;
using ModularShop.Shipping.Infrastructure;

namespace ModularShop.TestKit;

/// <summary>Messages that a module has given up on, put where it would have left them.</summary>
public static class DeadLetterRows
{
    /// <summary>A message of Shipping's, with what somebody else has written wherever somebody else writes.</summary>
    /// <param name="type">Such as <c>Shipping.CancelShipment</c>.</param>
    /// <param name="data">JSON.</param>
    /// <param name="text">In its subject, its cause and its error.</param>
    public static async Task<Guid> AddDeadLetterOfShippingAsync(this TestDatabase database, string type, string data, string text)
    {
        await using var shipping = database.Open<ShippingDbContext>();
        var (id, now) = (Guid.CreateVersion7(), TimeProvider.System.GetUtcNow());
        var message = InboxMessage.Of(new Envelope(id, "Ordering", type, 1, $"checkout/{text}", new Sequence(1, 0), now, null, data), now, now);
        (message.State, message.Attempts, message.Cause, message.LastError) = (InboxState.Dead, 10, $"System.InvalidOperationException: {text}", $"{text}\n   at {text}");
        await using var transaction = await shipping.BeginWriteAsync(CancellationToken.None);
        shipping.Add(message);
        await shipping.SaveChangesAsync();
        await transaction.CommitAsync(CancellationToken.None);
        return id;
    }
}
