using ModularShop.Ordering.Domain;

namespace ModularShop.Ordering.Infrastructure;

internal static class HistoryWriting
{
    public static void AddToHistory<TMessage>(this OrderingDbContext db, Received<TMessage> received, Guid orderId, HistoryKind kind, string text)
        where TMessage : IMessage =>
        db.Add(new HistoryEntry { Id = received.Envelope.Id, OrderId = orderId, At = received.Envelope.Time, Kind = kind, Text = text });
}
