using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Modules;

namespace ModularShop.Messaging;

/// <summary>Hands a module's inbox to its handlers: each message once, each subject in order.</summary>
/// <remarks>
/// :: Step 1 finds the subjects that have been due the longest, and reads of each its pending messages lowest in
/// sequence. :: Step 2 drops the subjects whose next message is waiting for its retry, and moves the messages
/// behind it to the same time. :: Step 3 handles the rest in groups of one transaction, but for what has failed before;
/// a group that takes long is committed in parts.
/// :: Step 4, after a failure, handles the group one by one; a subject stops at its first failure, the others go on.
/// </remarks>
internal sealed class InboxProcessor(
    LoadedModule module, IServiceScopeFactory scopes, MessageHandling handling, IOptions<MessagingOptions> options, TimeProvider time, ILogger<InboxProcessor> logger)
    : IModuleWorker
{
    private const int ConflictAttempts = 5;

    // However slow handlers and database are, what is done is kept; and on SQLite, where there is one writer at a time,
    // others have their turn: requests, and the renewal of the lease.
    private readonly TimeSpan _longest = TimeSpan.FromSeconds(options.Value.LeaseSeconds) / 4;

    private readonly LongSubjects _long = new();

    private DateTimeOffset _latest = DateTimeOffset.MaxValue;

    public async Task<bool> RunOnceAsync(HeldLease lease, CancellationToken cancellationToken)
    {
        var (found, subjects) = await ReadAsync(cancellationToken);

        // What has failed before goes alone: it would only take the others down with it.
        foreach (var subject in subjects.Where(s => s[0].Attempts > 0))
        {
            await HandleOneByOneAsync(subject, lease, cancellationToken);
        }

        // :: Step 3
        foreach (var group in subjects.Where(s => s[0].Attempts == 0).SelectMany(s => s).Chunk(options.Value.BatchSize))
        {
            var handled = 0;
            try
            {
                while (handled < group.Length)
                {
                    handled += await HandleTogetherAsync(group[handled..], lease, cancellationToken);
                }
            }
            catch (Exception e) when (IsOfTheMessage(e, cancellationToken))
            {
                // :: Step 4. The groups behind this one may hold later messages of a subject that fails now: they are read again.
                foreach (var subject in group.Skip(handled).GroupBy(m => (m.Source, m.Subject)))
                {
                    await HandleOneByOneAsync(subject, lease, cancellationToken);
                }

                return true;
            }
        }

        return found;
    }

    private async Task<(bool Found, List<IReadOnlyList<InboxMessage>> Ready)> ReadAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = Context(scope);
        var now = time.GetUtcNow();
        if (now < _latest)
        {
            await BringForwardAsync(context, now, cancellationToken);
        }

        _latest = now;
        var most = options.Value.ReadAhead;

        // :: Step 1
        var pending = context.Set<InboxMessage>().AsNoTracking().Where(m => m.State == InboxState.Pending);
        var chosen = await _long.ChooseAsync(without => pending.Where(m => m.DueAt <= now && (without == null || m.Subject != without))
            .OrderBy(m => m.DueAt).Select(m => m.Subject).Take(most).ToListAsync(cancellationToken));
        if (chosen.Count == 0)
        {
            return (false, []);
        }

        var rows = await pending.Where(m => chosen.Contains(m.Subject))
            .OrderBy(m => m.Subject).ThenBy(m => m.SequenceVersion).ThenBy(m => m.SequenceOrdinal)
            .Take(most)
            .ToListAsync(cancellationToken);
        _long.Remember(rows, most);

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
                await DelayBehindAsync(context, head, now, cancellationToken);
            }
        }

        return (true, ready);
    }

    /// <summary>
    /// At the start, and when the clock went back: what had arrived or was to be tried again by the old time, and what
    /// waits behind it, is due now. What was scheduled for a time of day stays.
    /// </summary>
    private async Task BringForwardAsync(ModuleDbContext context, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var transaction = await context.BeginWriteAsync(cancellationToken);
        var inbox = context.Set<InboxMessage>();
        var delayed = await inbox
            .Where(m => m.State == InboxState.Pending && m.DueAt > now && (m.DueAt == m.ReceivedAt || m.Cause != null
                || inbox.Any(head => head.Cause != null && head.Source == m.Source && head.Subject == m.Subject && head.DueAt == m.DueAt)))
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.DueAt, now), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (delayed > 0 && _latest != DateTimeOffset.MaxValue)
        {
            MessagingLog.ClockWentBack(logger, module.Name, delayed);
        }
    }

    private static async Task DelayBehindAsync(ModuleDbContext context, InboxMessage head, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var transaction = await context.BeginWriteAsync(cancellationToken);
        await context.Set<InboxMessage>()
            .Where(m => m.State == InboxState.Pending && m.Source == head.Source && m.Subject == head.Subject && m.DueAt <= now)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.DueAt, head.DueAt), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Handles as many as there is time for in one transaction; returns how many those were.</summary>
    private async Task<int> HandleTogetherAsync(IReadOnlyList<InboxMessage> messages, HeldLease lease, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await HandleAsync(messages, lease, cancellationToken);
            }
            catch (UnsavedReadException)
            {
                // Rolled back; the type that reads is known now, so this happens once for each type of message.
            }
        }
    }

    private async Task<int> HandleAsync(IReadOnlyList<InboxMessage> messages, HeldLease lease, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = Context(scope);
        var handled = new List<InboxMessage>(messages.Count);
        await using var transaction = await context.BeginWriteAsync(cancellationToken);
        var taken = Stopwatch.StartNew();
        try
        {
            do
            {
                await handling.HandleAsync(scope.ServiceProvider, context, messages[handled.Count], cancellationToken);
                handled.Add(messages[handled.Count]);
            }
            while (handled.Count < messages.Count && taken.Elapsed < _longest);
            await MessageHandling.SaveAsync(context, cancellationToken);
        }
        finally
        {
            context.HoldsUnsavedChanges = false;
        }

        await MarkHandledAsync(context, handled, cancellationToken);
        await lease.AssertHeldAsync(context, cancellationToken);
        // A crash before this commit: nothing has happened, the messages are handled by the next holder. After it:
        // they are handled, and what they published is in the outbox.
        await transaction.CommitAsync(cancellationToken);
        handling.Handled(handled);
        return handled.Count;
    }

    private async Task MarkHandledAsync(ModuleDbContext context, IReadOnlyList<InboxMessage> messages, CancellationToken cancellationToken)
    {
        var ids = messages.Select(m => m.MessageId).ToList();
        var handledAt = time.GetUtcNow();
        var marked = await context.Set<InboxMessage>().Where(m => ids.Contains(m.MessageId) && m.State == InboxState.Pending)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.State, InboxState.Handled).SetProperty(m => m.HandledAt, handledAt), cancellationToken);
        if (marked != messages.Count)
        {
            throw new DbUpdateConcurrencyException($"{messages.Count - marked} of {messages.Count} messages were handled or changed by somebody else.");
        }
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
            catch (Exception e) when (IsOfTheMessage(e, cancellationToken))
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
        var row = await context.Set<InboxMessage>().SingleAsync(m => m.MessageId == message.MessageId, cancellationToken);
        if (row.State is not InboxState.Pending)
        {
            return;
        }

        row.Attempts++;
        row.Cause = CauseOf(exception);
        // Who changed its data, and why, stays with it.
        var notes = row.LastError?.Split('\n').TakeWhile(l => l.StartsWith(InboxMessage.EditNote, StringComparison.Ordinal)) ?? [];
        row.LastError = string.Join('\n', [.. notes, exception.ToString() is { Length: > 8000 } text ? text[..8000] : exception.ToString()]);
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
        await lease.AssertHeldAsync(context, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Whether the message is at fault, or what handles it: not the stop, the lease, the database or a move of the data.</summary>
    private static bool IsOfTheMessage(Exception exception, CancellationToken cancellationToken) =>
        exception is not (OperationCanceledException or LeaseLostException) && !exception.IsCancelled(cancellationToken) && !exception.IsDatabaseUnavailable() && !exception.IsModuleMoved();

    private static string CauseOf(Exception exception)
    {
        var reason = exception.GetBaseException();
        var cause = $"{reason.GetType()}: {reason.Message.Split('\n')[0].Trim()}";
        return cause.Length > InboxMessage.MaxCause ? cause[..InboxMessage.MaxCause] : cause;
    }

    private ModuleDbContext Context(AsyncServiceScope scope) => (ModuleDbContext)scope.ServiceProvider.GetRequiredService(module.DbContextType);
}
