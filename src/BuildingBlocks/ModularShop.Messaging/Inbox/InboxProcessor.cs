using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Modules;

namespace ModularShop.Messaging;

/// <summary>Hands a module's inbox to its handlers: each message once, each subject in order.</summary>
/// <remarks>
/// :: Step 1 reads the subjects that have been due the longest, and of each its pending messages lowest in
/// sequence. :: Step 2 drops the subjects whose next message is waiting for its retry, and moves the messages
/// behind it to the same time. :: Step 3 handles the rest in one transaction, but for what has failed before. :: Step 4, after a failure,
/// handles them one by one; a subject stops at its first failure, the others go on.
/// </remarks>
internal sealed class InboxProcessor(
    LoadedModule module, IServiceScopeFactory scopes, MessageHandling handling, IOptions<MessagingOptions> options, TimeProvider time, ILogger<InboxProcessor> logger)
    : IModuleWorker
{
    private const int ConflictAttempts = 5;

    public async Task<bool> RunOnceAsync(HeldLease lease, CancellationToken cancellationToken)
    {
        var (found, subjects) = await ReadAsync(cancellationToken);
        if (subjects.Count == 0)
        {
            return found;
        }

        // What has failed before goes alone: it would only take the others down with it.
        foreach (var subject in subjects.Where(s => s[0].Attempts > 0))
        {
            await HandleOneByOneAsync(subject, lease, cancellationToken);
        }

        var group = subjects.Where(s => s[0].Attempts == 0).SelectMany(s => s).Take(options.Value.BatchSize).ToList();
        if (group.Count == 0)
        {
            return true;
        }

        try
        {
            // :: Step 3
            await HandleAsync(group, lease, cancellationToken);
        }
        catch (Exception e) when (e is not (OperationCanceledException or LeaseLostException) && !e.IsDatabaseUnavailable())
        {
            // :: Step 4
            foreach (var subject in group.GroupBy(m => (m.Source, m.Subject)))
            {
                await HandleOneByOneAsync(subject, lease, cancellationToken);
            }
        }

        return true;
    }

    private async Task<(bool Found, List<IReadOnlyList<InboxMessage>> Ready)> ReadAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = Context(scope);
        var now = time.GetUtcNow();

        // :: Step 1
        var pending = context.Set<InboxMessage>().AsNoTracking().Where(m => m.State == InboxState.Pending);
        var due = pending.Where(m => m.DueAt <= now).OrderBy(m => m.DueAt).Select(m => m.Subject).Take(options.Value.BatchSize);
        var rows = await pending.Where(m => due.Contains(m.Subject))
            .OrderBy(m => m.Source).ThenBy(m => m.Subject).ThenBy(m => m.SequenceVersion).ThenBy(m => m.SequenceOrdinal)
            .Take(options.Value.BatchSize * 5)
            .ToListAsync(cancellationToken);

        // :: Step 2
        var ready = new List<IReadOnlyList<InboxMessage>>();
        foreach (var subject in rows.GroupBy(m => (m.Source, m.Subject)))
        {
            var head = subject.First();
            if (head.DueAt <= now)
            {
                ready.Add([.. subject.TakeWhile(m => m.DueAt <= now)]);
            }
            else
            {
                await DelayBehindAsync(context, head, cancellationToken);
            }
        }

        return (rows.Count > 0, ready);
    }

    private static async Task DelayBehindAsync(ModuleDbContext context, InboxMessage head, CancellationToken cancellationToken)
    {
        await using var transaction = await context.BeginWriteAsync(cancellationToken);
        await context.Set<InboxMessage>()
            .Where(m => m.State == InboxState.Pending && m.Source == head.Source && m.Subject == head.Subject && m.DueAt < head.DueAt)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.DueAt, head.DueAt), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task HandleAsync(IReadOnlyList<InboxMessage> messages, HeldLease lease, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = Context(scope);
        await using var transaction = await context.BeginWriteAsync(cancellationToken);
        await LeaseStore.AssertHeldAsync(context, lease, cancellationToken);
        foreach (var message in messages)
        {
            await handling.HandleAsync(scope.ServiceProvider, context, message, cancellationToken);
        }

        // A crash before this commit: nothing has happened, the messages are handled by the next holder. After it:
        // they are handled, and what they published is in the outbox.
        await transaction.CommitAsync(cancellationToken);
        handling.Handled(messages);
    }

    private async Task HandleOneByOneAsync(IEnumerable<InboxMessage> subject, HeldLease lease, CancellationToken cancellationToken)
    {
        foreach (var message in subject)
        {
            if (!await TryHandleAsync(message, lease, cancellationToken))
            {
                return;
            }
        }
    }

    private async Task<bool> TryHandleAsync(InboxMessage message, HeldLease lease, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await HandleAsync([message], lease, cancellationToken);
                return true;
            }
            catch (Exception e) when ((e is DbUpdateConcurrencyException || e.IsDeadlock()) && attempt < ConflictAttempts)
            {
                // A request changed the same aggregate meanwhile: once more, on fresh data.
            }
            catch (Exception e) when (e is not (OperationCanceledException or LeaseLostException) && !e.IsDatabaseUnavailable())
            {
                await RecordFailureAsync(message, e, lease, cancellationToken);
                return false;
            }
        }
    }

    private async Task RecordFailureAsync(InboxMessage message, Exception exception, HeldLease lease, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = Context(scope);
        await using var transaction = await context.BeginWriteAsync(cancellationToken);
        await LeaseStore.AssertHeldAsync(context, lease, cancellationToken);
        var row = await context.Set<InboxMessage>().SingleAsync(m => m.MessageId == message.MessageId, cancellationToken);
        if (row.State is not InboxState.Pending)
        {
            return;
        }

        row.Attempts++;
        row.LastError = exception.ToString() is { Length: > 8000 } text ? text[..8000] : exception.ToString();
        if (row.Attempts >= options.Value.MaxAttempts)
        {
            row.State = InboxState.Dead;
            MessagingLog.DeadLettered(logger, exception, module.Name, row.MessageId, row.Type, row.Subject, row.Attempts);
        }
        else
        {
            var wait = options.Value.Backoff(row.Attempts);
            row.DueAt = time.GetUtcNow() + wait;
            MessagingLog.HandlingFailed(logger, exception, module.Name, row.MessageId, row.Type, row.Subject, row.Attempts, wait);
        }

        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private ModuleDbContext Context(AsyncServiceScope scope) => (ModuleDbContext)scope.ServiceProvider.GetRequiredService(module.DbContextType);
}
