using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Modules;

namespace ModularShop.Messaging;

/// <summary>What an operator can do about messages that failed for good.</summary>
internal sealed class DeadLetters(IServiceProvider services, MessageTypes types, ModuleSignals signals, TimeProvider time, ILogger<DeadLetters> logger)
{
    /// <summary>Oldest first; <paramref name="after"/> is the position the previous page ended at.</summary>
    /// <param name="cause">Those that failed so; null for all.</param>
    /// <param name="type">Those of this type; null for all.</param>
    public async Task<Page<DeadLetter>> ListAsync(LoadedModule module, string? cause, string? type, DateTimeOffset? after, int size, CancellationToken cancellationToken)
    {
        // Instants are unique enough to page by only with the id behind them, and ids do not sort alike in every
        // engine; so a page never ends between two letters of the same instant.
        var dead = DeadOf(Context(module), cause, type).AsNoTracking();
        var rows = await dead.Where(m => after == null || m.Time > after)
            .OrderBy(m => m.Time).ThenBy(m => m.Subject).ThenBy(m => m.SequenceVersion).ThenBy(m => m.SequenceOrdinal)
            .Take(size + 1).ToListAsync(cancellationToken);
        if (rows.Count > size)
        {
            var last = rows[size - 1].Time;
            var same = await dead.Where(m => m.Time == last).ToListAsync(cancellationToken);
            rows = [.. rows.Where(m => m.Time < last), .. same];
            var items = rows.Select(r => Summary(module, r)).ToList();
            return new Page<DeadLetter>(items, Cursor.Encode(last));
        }

        return new Page<DeadLetter>(rows.Select(r => Summary(module, r)).ToList(), null);
    }

    public async Task<Result<DeadLetterDetails>> ShowAsync(LoadedModule module, Guid id, CancellationToken cancellationToken) =>
        await FindAsync(Context(module), id, cancellationToken) is { } row
            ? new DeadLetterDetails(Summary(module, row), row.Data, row.TraceParent, row.LastError ?? "")
            : NotFound(module, id);

    /// <summary>The dead letters grouped by what failed, the most frequent first.</summary>
    public async Task<IReadOnlyList<DeadLetterCause>> CausesAsync(LoadedModule module, CancellationToken cancellationToken)
    {
        var groups = await Context(module).Set<InboxMessage>().Where(m => m.State == InboxState.Dead)
            .GroupBy(m => new { m.Cause, m.Type })
            .Select(g => new { g.Key.Cause, g.Key.Type, Count = g.Count(), Oldest = g.Min(m => m.Time) })
            .ToListAsync(cancellationToken);
        return [.. groups.OrderByDescending(g => g.Count).ThenBy(g => g.Cause, StringComparer.Ordinal).Select(g => new DeadLetterCause(g.Cause ?? "", g.Type, g.Count, g.Oldest))];
    }

    /// <summary>Puts back all that failed alike, but for what would be handled out of order, unless forced.</summary>
    public async Task<RetryOutcome> RetryAllAsync(LoadedModule module, RetryRequest which, CancellationToken cancellationToken)
    {
        var context = Context(module);
        var inbox = context.Set<InboxMessage>();
        var dead = DeadOf(context, which.Cause, which.Type);
        var due = time.GetUtcNow();
        var retry = which.Force ? dead : dead.Where(m => !inbox.Any(
            later => later.State == InboxState.Handled && later.Source == m.Source && later.Subject == m.Subject
                && (later.SequenceVersion > m.SequenceVersion || (later.SequenceVersion == m.SequenceVersion && later.SequenceOrdinal > m.SequenceOrdinal))));
        await using var transaction = await context.BeginWriteAsync(cancellationToken);
        var retried = await retry.ExecuteUpdateAsync(
            set => set.SetProperty(m => m.State, InboxState.Pending).SetProperty(m => m.Attempts, 0).SetProperty(m => m.DueAt, due), cancellationToken);
        var left = await dead.CountAsync(cancellationToken);
        // A crash before this commit: all of them are dead letters still. After it: they are handled again, by whoever
        // holds the lease.
        await transaction.CommitAsync(cancellationToken);
        signals[module.Name].Pulse();
        return new RetryOutcome(retried, left);
    }

    /// <summary>Puts the message back as if it had just arrived. Refused, unless forced, when later messages of its subject were handled.</summary>
    public async Task<Result> RetryAsync(LoadedModule module, Guid id, bool force, CancellationToken cancellationToken)
    {
        var context = Context(module);
        if (await FindAsync(context, id, cancellationToken) is not { } row)
        {
            return NotFound(module, id);
        }

        if (!force && await PassedAsync(context, row, cancellationToken) is { } passed)
        {
            return passed;
        }

        PutBack(row);
        return await SaveAsync(module, context, cancellationToken);
    }

    /// <summary>Puts the message back with other data, which has to be a message of its type; what was there before, who changed it and why stays with it.</summary>
    public async Task<Result> EditAsync(LoadedModule module, Guid id, EditRequest edit, string by, CancellationToken cancellationToken)
    {
        var context = Context(module);
        if (await FindAsync(context, id, cancellationToken) is not { } row)
        {
            return NotFound(module, id);
        }

        try
        {
            types.Read(row.ToEnvelope() with { Data = edit.Data });
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or UnknownMessageException or ArgumentException or InvalidOperationException or FormatException)
        {
            return MessagesError.NotItsType.Because($"'data' is no {row.Type} of version {row.Version}: {e.GetBaseException().Message}");
        }

        if (!edit.Force && await PassedAsync(context, row, cancellationToken) is { } passed)
        {
            return passed;
        }

        row.LastError = $"{InboxMessage.EditNote}{by} at {time.GetUtcNow():u}: {edit.Reason.ReplaceLineEndings(" ")} The data before: {row.Data.ReplaceLineEndings(" ")}\n{row.LastError}";
        row.Data = edit.Data;
        PutBack(row);
        var saved = await SaveAsync(module, context, cancellationToken);
        if (saved.Error is null)
        {
            MessagingLog.DeadLetterEdited(logger, module.Name, row.MessageId, row.Type, row.Subject, by, edit.Reason);
        }

        return saved;
    }

    /// <summary>Marks the message as never to be handled; it stays visible in the inbox until the retention time.</summary>
    public async Task<Result> DiscardAsync(LoadedModule module, Guid id, string by, string reason, CancellationToken cancellationToken)
    {
        var context = Context(module);
        if (await FindAsync(context, id, cancellationToken) is not { } row)
        {
            return NotFound(module, id);
        }

        row.State = InboxState.Discarded;
        row.LastError = $"Discarded by {by}: {reason}\n{row.LastError}";
        return await SaveAsync(module, context, cancellationToken);
    }

    private static IQueryable<InboxMessage> DeadOf(ModuleDbContext context, string? cause, string? type) => context.Set<InboxMessage>()
        .Where(m => m.State == InboxState.Dead && (cause == null || m.Cause == cause) && (type == null || m.Type == type));

    /// <summary>An error where later messages of its subject were handled.</summary>
    private static async Task<Error?> PassedAsync(ModuleDbContext context, InboxMessage row, CancellationToken cancellationToken) =>
        await context.Set<InboxMessage>().AnyAsync(
            m => m.Source == row.Source && m.Subject == row.Subject && m.State == InboxState.Handled
                && (m.SequenceVersion > row.SequenceVersion || (m.SequenceVersion == row.SequenceVersion && m.SequenceOrdinal > row.SequenceOrdinal)),
            cancellationToken)
            ? MessagesError.PassedByLater.Because(
                $"Later messages about {row.Subject} have been handled since; handling {row.MessageId} now would be out of order. Repeat with force=true if that does no harm.")
            : null;

    private void PutBack(InboxMessage row) => (row.State, row.Attempts, row.DueAt) = (InboxState.Pending, 0, time.GetUtcNow());

    private async Task<Result> SaveAsync(LoadedModule module, ModuleDbContext context, CancellationToken cancellationToken)
    {
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return MessagesError.DeadLetterNotFound.Because("Somebody else retried or discarded this message just now.");
        }

        signals[module.Name].Pulse();
        return Result.Ok;
    }

    private static Task<InboxMessage?> FindAsync(ModuleDbContext context, Guid id, CancellationToken cancellationToken) =>
        context.Set<InboxMessage>().SingleOrDefaultAsync(m => m.MessageId == id && m.State == InboxState.Dead, cancellationToken);

    private static Error NotFound(LoadedModule module, Guid id) =>
        MessagesError.DeadLetterNotFound.Because($"{module.Name} has no dead letter {id}; it may have been retried or discarded already.");

    private static DeadLetter Summary(LoadedModule module, InboxMessage row) => new(
        module.Name, row.MessageId, row.Source, row.Type, row.Version, row.Subject, $"{row.SequenceVersion}.{row.SequenceOrdinal}", row.Time, row.Attempts,
        row.Cause ?? "");

    private ModuleDbContext Context(LoadedModule module) => (ModuleDbContext)services.GetRequiredService(module.DbContextType);
}
