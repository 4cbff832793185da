using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Modules;

namespace ModularShop.Messaging;

/// <summary>What is in a module's own tables of messages.</summary>
internal sealed class Backlogs(IServiceProvider services, TimeProvider time)
{
    /// <summary>A trace of more, in one of the two tables, is shown in part.</summary>
    private const int LongestJourney = 200;

    /// <summary>As dead letters are grouped by.</summary>
    private const int LongestCause = 200;

    /// <summary>Counts by the indexes of the two tables; the outbox holds only what is not delivered yet.</summary>
    public async Task<BacklogView> ShowAsync(LoadedModule module, CancellationToken cancellationToken)
    {
        var context = Context(module);
        var (outbox, inbox, now) = (context.Set<OutboxMessage>().AsNoTracking(), context.Set<InboxMessage>().AsNoTracking(), time.GetUtcNow());
        var waiting = await outbox.GroupBy(_ => 1).Select(g => new { Count = g.Count(), Oldest = g.Min(m => m.Time) }).SingleOrDefaultAsync(cancellationToken);
        var failing = waiting is null ? 0 : await outbox.CountAsync(m => m.Attempts > 0, cancellationToken);
        var trouble = failing == 0 ? null : await outbox.Where(m => m.Attempts > 0).OrderBy(m => m.Time).Select(m => m.LastError).FirstOrDefaultAsync(cancellationToken);
        var due = await inbox.Where(m => m.State == InboxState.Pending && m.DueAt <= now).GroupBy(_ => 1)
            .Select(g => new { Count = g.Count(), Oldest = g.Min(m => m.DueAt) }).SingleOrDefaultAsync(cancellationToken);
        var later = await inbox.CountAsync(m => m.State == InboxState.Pending && m.DueAt > now, cancellationToken);
        var retrying = await inbox.CountAsync(m => m.State == InboxState.Pending && m.Cause != null, cancellationToken);
        var dead = await inbox.CountAsync(m => m.State == InboxState.Dead, cancellationToken);
        return new BacklogView(
            module.Name, now, new OutboxBacklog(waiting?.Count ?? 0, waiting?.Oldest, failing, trouble?.Split('\n')[0]),
            new InboxBacklog(due?.Count ?? 0, due?.Oldest, retrying, later), due is null ? 0 : Math.Max(0, (now - due.Oldest).TotalSeconds), dead);
    }

    /// <summary>Of a trace what the module has taken, and what it has still to deliver: the first of each, oldest first.</summary>
    public async Task<IReadOnlyList<JourneyStep>> JourneyAsync(LoadedModule module, string traceId, CancellationToken cancellationToken)
    {
        var context = Context(module);
        var trace = $"00-{traceId}-";
        // Without data and errors, which are long.
        var taken = await context.Set<InboxMessage>().Where(m => m.TraceParent != null && m.TraceParent.StartsWith(trace)).OrderBy(m => m.Time).Take(LongestJourney)
            .Select(m => new { m.Time, m.Source, m.MessageId, m.Type, m.Subject, m.State, m.Attempts, m.ReceivedAt, m.HandledAt, m.Cause }).ToListAsync(cancellationToken);
        var sent = await context.Set<OutboxMessage>().Where(m => m.TraceParent != null && m.TraceParent.StartsWith(trace)).OrderBy(m => m.Time).Take(LongestJourney)
            .Select(m => new { m.Time, m.Source, m.Subscriber, m.MessageId, m.Type, m.Subject, m.Attempts, Error = m.LastError == null ? null : m.LastError.Substring(0, LongestCause) }).ToListAsync(cancellationToken);
        return
        [
            .. taken.Select(m => new JourneyStep(m.Time, m.Source, module.Name, m.MessageId, m.Type, m.Subject, m.State.ToString(), m.Attempts, m.ReceivedAt, m.HandledAt, m.Cause))
                .Concat(sent.Select(m => new JourneyStep(m.Time, m.Source, m.Subscriber, m.MessageId, m.Type, m.Subject, "InOutbox", m.Attempts, null, null, m.Error?.Split('\n')[0])))
                .OrderBy(s => s.At),
        ];
    }

    private ModuleDbContext Context(LoadedModule module) => (ModuleDbContext)services.GetRequiredService(module.DbContextType);
}
