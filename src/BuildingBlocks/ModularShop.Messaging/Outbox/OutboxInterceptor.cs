using System.Data.Common;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Domain;

namespace ModularShop.Messaging;

/// <summary>
/// Moves what aggregates publish into the outbox, in the transaction that saves them, and wakes the module's
/// processor once that transaction is committed.
/// </summary>
internal sealed class OutboxInterceptor(string module, MessageTypes types, ModuleSignal signal, TimeProvider time)
    : SaveChangesInterceptor, IDbTransactionInterceptor
{
    // From here on one statement for all of a save's messages is cheaper than an entity for each, its round trip included.
    private const int Many = 5;

    private readonly ConditionalWeakTable<DbContext, object> _unannounced = [];

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        var context = (ModuleDbContext)eventData.Context!;
        var outbox = new List<OutboxMessage>();
        var scheduled = new List<InboxMessage>();
        foreach (var entry in context.ChangeTracker.Entries<AggregateRoot>().Where(e => e.Entity.HasMessages).ToList())
        {
            var ordinal = 0;
            foreach (var outgoing in entry.Entity.TakeMessages())
            {
                Enqueue(entry.Entity, outgoing, ordinal++, outbox, scheduled);
            }
        }

        if (outbox.Count + scheduled.Count == 0)
        {
            return result;
        }

        _unannounced.AddOrUpdate(context, context);
        context.AddRange(scheduled);
        if (outbox.Count < Many)
        {
            context.AddRange(outbox);
            return result;
        }

        await context.OpenSaveAsync(cancellationToken);
        await context.InsertAsync(outbox, cancellationToken);
        return result;
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

    private void Enqueue(AggregateRoot root, OutgoingMessage outgoing, int ordinal, List<OutboxMessage> outbox, List<InboxMessage> scheduled)
    {
        var type = outgoing.Message.GetType();
        var now = time.GetUtcNow();
        var envelope = new Envelope(
            Guid.CreateVersion7(), module, MessageTypes.NameOf(type), MessageTypes.VersionOf(type), root.Subject, new Sequence(root.Version, ordinal), now,
            Activity.Current?.Id, JsonSerializer.Serialize(outgoing.Message, type, MessageTypes.Json));
        if (outgoing.Due is { } due)
        {
            // A subject of its own: what waits for its time must not hold up what happens meanwhile.
            scheduled.Add(InboxMessage.Of(envelope with { Subject = $"{root.Subject}/{type.Name}/{root.Version}.{ordinal}" }, now, due));
            return;
        }

        outbox.AddRange(types.SubscribersOf(type).Select(subscriber => OutboxMessage.Of(envelope, subscriber)));
    }
}
