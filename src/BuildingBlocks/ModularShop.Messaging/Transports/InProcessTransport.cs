using Microsoft.Extensions.DependencyInjection;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Modules;

namespace ModularShop.Messaging;

/// <summary>Subscribers in the same process: one transaction on the subscriber's own database.</summary>
internal sealed class InProcessTransport(ModuleRegistry modules, IServiceScopeFactory scopes, ModuleSignals signals, TimeProvider time) : IMessageTransport
{
    public async Task DeliverAsync(string subscriber, IReadOnlyList<Envelope> messages, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = (ModuleDbContext)scope.ServiceProvider.GetRequiredService(modules[subscriber].DbContextType);
        var now = time.GetUtcNow();
        await using (var transaction = await context.BeginWriteAsync(cancellationToken))
        {
            await context.InsertNewAsync(messages.Select(m => InboxMessage.Of(m, now, dueAt: now)).ToList(), cancellationToken);
            // A crash before this commit: the messages are still in the outbox. After it and before they are
            // deleted there: they are delivered again, and the key of the inbox drops them.
            await transaction.CommitAsync(cancellationToken);
        }

        signals[subscriber].Pulse();
    }
}
