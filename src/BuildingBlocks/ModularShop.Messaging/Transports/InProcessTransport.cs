using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Modules;

namespace ModularShop.Messaging;

/// <summary>Subscribers in the same process: one transaction on the subscriber's own database.</summary>
internal sealed class InProcessTransport(
    ModuleRegistry modules, IServiceScopeFactory scopes, ModuleSignals signals, IOptions<MessagingOptions> options, TimeProvider time) : IMessageTransport
{
    private const int Attempts = 5;

    /// <summary>How many more messages each inbox is known to have room for; counted anew when that is used up.</summary>
    private readonly ConcurrentDictionary<string, int> _room = new(StringComparer.Ordinal);

    public async Task DeliverAsync(string subscriber, IReadOnlyList<Envelope> messages, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = (ModuleDbContext)scope.ServiceProvider.GetRequiredService(modules[subscriber].DbContextType);
        await ReserveRoomAsync(subscriber, context, messages.Count, cancellationToken);
        var now = time.GetUtcNow();
        // After a retry a batch from elsewhere may hold a message twice, which SQL Server would refuse.
        var rows = messages.DistinctBy(m => m.Id).Select(m => InboxMessage.Of(m, now, dueAt: now)).ToList();
        try
        {
            await InsertAsync(context, rows, cancellationToken);
        }
        catch (Exception e) when (e.IsModuleMoved())
        {
            throw new SubscriberMovingException(subscriber, e);
        }

        signals[subscriber].Pulse();
    }

    private static async Task InsertAsync(ModuleDbContext context, IReadOnlyList<InboxMessage> rows, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var transaction = await context.BeginWriteAsync(cancellationToken);
                await context.InsertNewAsync(rows, cancellationToken);
                // A crash before this commit: the messages are still in the outbox. After it and before they are
                // deleted there: they are delivered again, and the key of the inbox drops them.
                await transaction.CommitAsync(cancellationToken);
                return;
            }
            catch (Exception e) when (e.IsDeadlock() && attempt < Attempts)
            {
                // Two senders looked for each other's keys. Nobody is in trouble: a failure would be counted, and waited for.
            }
        }
    }

    private async Task ReserveRoomAsync(string subscriber, ModuleDbContext context, int messages, CancellationToken cancellationToken)
    {
        if (_room.GetValueOrDefault(subscriber) < messages)
        {
            var most = options.Value.MaxPending;
            var pending = await context.Set<InboxMessage>().Where(m => m.State == InboxState.Pending).OrderBy(m => m.DueAt).Take(most).CountAsync(cancellationToken);
            if (pending >= most)
            {
                _room[subscriber] = 0;
                throw new SubscriberBusyException($"{most} messages or more wait in the inbox of {subscriber} (Messaging:MaxPending); what follows waits in the outbox.");
            }

            _room[subscriber] = most - pending;
        }

        _room.AddOrUpdate(subscriber, 0, (_, room) => room - messages);
    }
}

/// <summary>The subscriber's data is being moved, or has moved: its messages wait until its owner is known.</summary>
internal sealed class SubscriberMovingException(string subscriber, Exception inner) : Exception($"The data of {subscriber} is being moved, and takes no messages here.", inner);

/// <summary>A subscriber is slower than its senders; its messages wait where they are.</summary>
internal sealed class SubscriberBusyException(string message) : Exception(message);
