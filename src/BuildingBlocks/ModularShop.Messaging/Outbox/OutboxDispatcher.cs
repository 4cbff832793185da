using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Modules;

namespace ModularShop.Messaging;

/// <summary>Delivers a module's outbox to the inboxes of its subscribers.</summary>
/// <remarks>
/// :: Step 1 finds the oldest subjects and reads of each the messages lowest in sequence: never a later one without
/// the earlier ones. :: Step 2 delivers them, subscriber by subscriber. :: Step 3 deletes what was delivered.
/// A subscriber that cannot be reached, whose inbox is full or whose data is being moved, pauses alone; its messages wait in
/// the outbox for as long as it takes.
/// </remarks>
internal sealed class OutboxDispatcher(
    LoadedModule module, IServiceScopeFactory scopes, IMessageTransport transport, IOptions<MessagingOptions> options, ILogger<OutboxDispatcher> logger)
    : IModuleWorker
{
    private static readonly TimeSpan WhileBusy = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan WhileMoving = TimeSpan.FromMilliseconds(50);

    /// <summary>No owner changes for so long: something is wrong.</summary>
    private static readonly TimeSpan LongestMove = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Pause> _pauses = new(StringComparer.Ordinal);
    private readonly LongSubjects _long = new();

    public async Task<bool> RunOnceAsync(HeldLease lease, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = (ModuleDbContext)scope.ServiceProvider.GetRequiredService(module.DbContextType);
        var paused = _pauses.Where(p => p.Value.Elapsed.Elapsed < p.Value.Wait).Select(p => p.Key).ToList();

        // :: Step 1
        var outbox = context.Set<OutboxMessage>().AsNoTracking();
        if (paused.Count > 0)
        {
            outbox = outbox.Where(m => !paused.Contains(m.Subscriber));
        }

        var most = options.Value.ReadAhead;
        var subjects = await _long.ChooseAsync(without => outbox.Where(m => without == null || m.Subject != without)
            .OrderBy(m => m.Time).Select(m => m.Subject).Take(most).ToListAsync(cancellationToken));
        if (subjects.Count == 0)
        {
            return false;
        }

        var batch = await outbox.Where(m => subjects.Contains(m.Subject))
            .OrderBy(m => m.Subject).ThenBy(m => m.SequenceVersion).ThenBy(m => m.SequenceOrdinal)
            .Take(most)
            .ToListAsync(cancellationToken);
        _long.Remember(batch, most);

        foreach (var messages in batch.GroupBy(m => m.Subscriber, StringComparer.Ordinal))
        {
            await DeliverAsync(context, messages.Key, [.. messages], cancellationToken);
        }

        return true;
    }

    private async Task DeliverAsync(ModuleDbContext context, string subscriber, IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        var ids = messages.Select(m => m.MessageId).ToList();
        try
        {
            // :: Step 2
            await transport.DeliverAsync(subscriber, messages.Select(m => m.ToEnvelope()).ToList(), cancellationToken);
        }
        catch (SubscriberBusyException e)
        {
            if (!_pauses.TryGetValue(subscriber, out var already) || already.Failures > 0)
            {
                MessagingLog.SubscriberBusy(logger, module.Name, e.Message);
            }

            _pauses[subscriber] = new Pause(0, WhileBusy, Stopwatch.StartNew());
            return;
        }
        catch (Exception e) when (e is SubscriberMovingException or NotTheOwnerException && MovingSince(subscriber).Elapsed < LongestMove)
        {
            // Nobody is at fault, and whoever takes the messages next is looked up then.
            var since = MovingSince(subscriber);
            if (!_pauses.TryGetValue(subscriber, out var before) || before.MovingSince is null)
            {
                MessagingLog.SubscriberMoving(logger, module.Name, subscriber, e.Message);
            }

            _pauses[subscriber] = new Pause(0, WhileMoving, Stopwatch.StartNew(), since);
            return;
        }
        catch (Exception e) when (!e.IsCancelled(cancellationToken))
        {
            var failures = _pauses.TryGetValue(subscriber, out var before) ? before.Failures + 1 : 1;
            var pause = new Pause(failures, options.Value.Backoff(failures), Stopwatch.StartNew(), before?.MovingSince);
            _pauses[subscriber] = pause;
            MessagingLog.DeliveryFailed(logger, e, module.Name, subscriber, messages.Count, pause.Wait);
            var error = e.GetBaseException().Message;
            await using var failed = await context.BeginWriteAsync(cancellationToken);
            await context.Set<OutboxMessage>().Where(m => m.Subscriber == subscriber && ids.Contains(m.MessageId))
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.Attempts, m => m.Attempts + 1).SetProperty(m => m.LastError, error), cancellationToken);
            await failed.CommitAsync(cancellationToken);
            return;
        }

        _pauses.Remove(subscriber);

        // :: Step 3. A crash before this commit delivers the batch again; the inbox drops it.
        await using var transaction = await context.BeginWriteAsync(cancellationToken);
        await context.Set<OutboxMessage>().Where(m => m.Subscriber == subscriber && ids.Contains(m.MessageId)).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private Stopwatch MovingSince(string subscriber) => _pauses.GetValueOrDefault(subscriber)?.MovingSince ?? Stopwatch.StartNew();

    private sealed record Pause(int Failures, TimeSpan Wait, Stopwatch Elapsed, Stopwatch? MovingSince = null);
}
