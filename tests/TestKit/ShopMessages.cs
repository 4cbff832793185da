using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Contracts;
using ModularShop.Messaging;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Modules;
using Shouldly;

namespace ModularShop.TestKit;

/// <summary>Plays another module: sends a module messages and looks at what the modules publish.</summary>
public static class ShopMessages
{
    private static long _sequence;

    /// <summary>
    /// Delivers a message as <paramref name="fromModule"/> would, and returns once <paramref name="toModule"/> has handled it.
    /// </summary>
    /// <param name="subject">Such as <c>order/0190…</c>; messages of one subject are handled in the order in which they are delivered.</param>
    /// <param name="id">Of a message delivered before: a second delivery of the same.</param>
    /// <exception cref="ShouldAssertException">The module does not take such messages, or has given up on this one.</exception>
    public static async Task DeliverAsync(this ShopFixture shop, string toModule, string fromModule, string subject, IMessage message, Guid? id = null) =>
        await shop.HandledAsync(toModule, await shop.PostAsync(toModule, fromModule, subject, message, id));

    /// <summary>Puts a message into the module's inbox and returns its id, without waiting for the module to handle it.</summary>
    public static async Task<Guid> PostAsync(this ShopFixture shop, string toModule, string fromModule, string subject, IMessage message, Guid? id = null)
    {
        var type = message.GetType();
        var subscribers = shop.Services.GetRequiredService<MessageTypes>().SubscribersOf(type);
        subscribers.ShouldContain(s => s == toModule, $"{toModule} does not handle {type.Name}.");
        var envelope = new Envelope(
            id ?? Guid.CreateVersion7(), fromModule, MessageTypes.NameOf(type), MessageTypes.VersionOf(type), subject,
            new Sequence(Interlocked.Increment(ref _sequence), 0), shop.Clock.GetUtcNow(), null, JsonSerializer.Serialize(message, type, MessageTypes.Json));
        await shop.Services.GetRequiredService<IMessageTransport>().DeliverAsync(toModule, [envelope], CancellationToken.None);
        return envelope.Id;
    }

    /// <summary>Waits until the module has handled the message; fails at once when it gave up on it.</summary>
    public static Task HandledAsync(this ShopFixture shop, string module, Guid id) => Eventually.TrueAsync(
        async () =>
        {
            var row = await shop.ReadAsync(module, db => db.Set<InboxMessage>().AsNoTracking().SingleAsync(m => m.MessageId == id));
            row.State.ShouldBeOneOf([InboxState.Pending, InboxState.Handled], $"{row.Type} is a dead letter of {module}: {row.LastError}");
            return row.State is InboxState.Handled;
        },
        $"{module} to handle message {id}");

    /// <summary>Waits until a module has published such a message; the first there is.</summary>
    public static Task<TMessage> PublishedAsync<TMessage>(this ShopFixture shop, Func<TMessage, bool> which)
        where TMessage : class, IMessage =>
        Eventually.GetAsync(() => Task.FromResult(shop.Published(which).FirstOrDefault()), $"a {typeof(TMessage).Name} to be published");

    /// <summary>
    /// Such messages published so far, in the order of their subjects. To show that there are no more, wait for
    /// <see cref="SettledAsync"/> first.
    /// </summary>
    public static IReadOnlyList<TMessage> Published<TMessage>(this ShopFixture shop, Func<TMessage, bool>? which = null)
        where TMessage : class, IMessage =>
        [.. shop.PublishedEnvelopes<TMessage>().Select(e => JsonSerializer.Deserialize<TMessage>(e.Data, MessageTypes.Json)!).Where(which ?? (_ => true))];

    /// <summary>The same with subject and sequence.</summary>
    public static IReadOnlyList<Envelope> PublishedEnvelopes<TMessage>(this ShopFixture shop)
        where TMessage : class, IMessage =>
        [.. shop.Services.GetRequiredService<PublishedMessages>().All.Where(e => e.Type == MessageTypes.NameOf(typeof(TMessage)))];

    /// <summary>Waits until nothing is on its way: every outbox is empty and no inbox has a message that is due.</summary>
    public static Task SettledAsync(this ShopFixture shop)
    {
        var modules = shop.Services.GetRequiredService<ModuleRegistry>().Modules;
        return Eventually.TrueAsync(
            async () =>
            {
                // Twice: a message may pass from a module not yet asked to one that was.
                for (var round = 0; round < 2; round++)
                {
                    foreach (var module in modules)
                    {
                        if (await shop.ReadAsync(module.Name, db => IsBusyAsync(db, shop.Clock.GetUtcNow())))
                        {
                            return false;
                        }
                    }
                }

                return true;
            },
            "every message to be handled");
    }

    /// <summary>A query on a module's own tables.</summary>
    public static async Task<T> ReadAsync<T>(this ShopFixture shop, string module, Func<ModuleDbContext, Task<T>> query)
    {
        await using var scope = shop.Services.CreateAsyncScope();
        var registered = shop.Services.GetRequiredService<ModuleRegistry>()[module];
        return await query((ModuleDbContext)scope.ServiceProvider.GetRequiredService(registered.DbContextType));
    }

    private static async Task<bool> IsBusyAsync(ModuleDbContext db, DateTimeOffset now) =>
        await db.Set<OutboxMessage>().AnyAsync() || await db.Set<InboxMessage>().AnyAsync(m => m.State == InboxState.Pending && m.DueAt <= now);
}
