using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;

namespace ModularShop.Messaging;

/// <summary>Removes handled and discarded messages after the retention time, a batch at a time.</summary>
internal sealed class PurgeInbox<TContext>(TContext context, IOptions<MessagingOptions> options, TimeProvider time, ILogger<PurgeInbox<TContext>> logger) : IRecurringJob
    where TContext : ModuleDbContext
{
    private const int Batch = 1000;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow().AddDays(-options.Value.RetentionDays);
        var total = 0;
        int removed;
        do
        {
            await using var transaction = await context.BeginWriteAsync(cancellationToken);
            var old = context.Set<InboxMessage>()
                .Where(m => (m.State == InboxState.Handled || m.State == InboxState.Discarded) && m.DueAt < before)
                .OrderBy(m => m.DueAt).Select(m => m.MessageId).Take(Batch);
            removed = await context.Set<InboxMessage>().Where(m => old.Contains(m.MessageId)).ExecuteDeleteAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            total += removed;
        }
        while (removed == Batch);

        if (total > 0)
        {
            MessagingLog.Purged(logger, context.Schema, total, options.Value.RetentionDays);
        }
    }
}
