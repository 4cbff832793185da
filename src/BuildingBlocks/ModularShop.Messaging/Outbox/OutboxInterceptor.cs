using System.Data.Common;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
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
    private readonly ConditionalWeakTable<DbContext, IDbContextTransaction> _own = [];

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

        if (context.Database.CurrentTransaction is null)
        {
#pragma warning disable RS0030 // the transaction EF would open for this save, a moment earlier
            _own.Add(context, await context.Database.BeginTransactionAsync(cancellationToken));
            context.Database.AutoSavepointsEnabled = false;
#pragma warning restore RS0030
        }

        try
        {
            await context.InsertNewAsync(outbox, cancellationToken);
        }
        catch
        {
            await RollBackOwnAsync(context);
            throw;
        }

        return result;
    }

    public override async ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        var context = eventData.Context!;
        if (_own.TryGetValue(context, out var own))
        {
            try
            {
                // A crash before this commit: neither the changes nor their messages are there. After it: both are, and the
                // dispatcher finds the messages without being woken.
                await own.CommitAsync(cancellationToken);
            }
            finally
            {
                await RollBackOwnAsync(context);
            }
        }
        else if (context.Database.CurrentTransaction is null)
        {
            Announce(context);
        }

        return result;
    }

    public override async Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default) =>
        await RollBackOwnAsync(eventData.Context!);

    public override async Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default) =>
        await RollBackOwnAsync(eventData.Context!);

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

    /// <summary>Disposes of the transaction opened here; what is not committed by then is undone.</summary>
    private async Task RollBackOwnAsync(DbContext context)
    {
        if (_own.TryGetValue(context, out var own))
        {
            _own.Remove(context);
            try
            {
                await own.DisposeAsync();
            }
            catch (Exception e) when (e is DbException or InvalidOperationException)
            {
                // The connection is gone and the transaction with it; what made it go is what the caller has to hear.
            }
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
