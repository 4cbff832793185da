using System.Data.Common;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using ModularShop.Modularity.Domain;

namespace ModularShop.Messaging;

/// <summary>
/// Moves what aggregates publish into the outbox, in the transaction that saves them, and wakes the module's
/// processor once that transaction is committed.
/// </summary>
internal sealed class OutboxInterceptor(string module, MessageTypes types, ModuleSignal signal, TimeProvider time)
    : SaveChangesInterceptor, IDbTransactionInterceptor
{
    private readonly ConditionalWeakTable<DbContext, object> _unannounced = [];

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        var context = eventData.Context!;
        var wrote = false;
        foreach (var entry in context.ChangeTracker.Entries<AggregateRoot>().Where(e => e.Entity.HasMessages).ToList())
        {
            var ordinal = 0;
            foreach (var outgoing in entry.Entity.TakeMessages())
            {
                wrote |= Enqueue(context, entry.Entity, outgoing, ordinal++);
            }
        }

        if (wrote)
        {
            _unannounced.AddOrUpdate(context, context);
        }

        return ValueTask.FromResult(result);
    }

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context!.Database.CurrentTransaction is null)
        {
            Announce(eventData.Context);
        }

        return ValueTask.FromResult(result);
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Announce(eventData.Context!);
        return Task.CompletedTask;
    }

    private void Announce(DbContext context)
    {
        if (_unannounced.Remove(context))
        {
            signal.Pulse();
        }
    }

    private bool Enqueue(DbContext context, AggregateRoot root, OutgoingMessage outgoing, int ordinal)
    {
        var type = outgoing.Message.GetType();
        var now = time.GetUtcNow();
        var envelope = new Envelope(
            Guid.CreateVersion7(), module, MessageTypes.NameOf(type), MessageTypes.VersionOf(type), root.Subject, new Sequence(root.Version, ordinal), now,
            Activity.Current?.Id, JsonSerializer.Serialize(outgoing.Message, type, MessageTypes.Json));
        if (outgoing.Due is { } due)
        {
            // A subject of its own: what waits for its time must not hold up what happens meanwhile.
            context.Add(InboxMessage.Of(envelope with { Subject = $"{root.Subject}/{type.Name}/{root.Version}.{ordinal}" }, now, due));
            return true;
        }

        var subscribers = types.SubscribersOf(type);
        foreach (var subscriber in subscribers)
        {
            context.Add(OutboxMessage.Of(envelope, subscriber));
        }

        return subscribers.Count > 0;
    }
}
