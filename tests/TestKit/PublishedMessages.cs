using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Contracts;
using ModularShop.Messaging;

namespace ModularShop.TestKit;

/// <summary>
/// Subscribes to every message between modules, so that tests see what was published, committed and dispatched,
/// also where no module reacts to it.
/// </summary>
internal sealed class PublishedMessages
{
    private const string Subscriber = "Tests";

    private readonly ConcurrentDictionary<Guid, bool> _seen = new();
    private readonly ConcurrentQueue<Envelope> _all = new();

    public IReadOnlyCollection<Envelope> All => _all;

    /// <summary>Call last: the transport that is registered by then is the one that carries the modules' messages.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<PublishedMessages>();
        foreach (var type in Directory.GetFiles(AppContext.BaseDirectory, "ModularShop.*.Contracts.dll").SelectMany(f => Assembly.LoadFrom(f).GetTypes()))
        {
            if (type is { IsAbstract: false } && type.IsAssignableTo(typeof(IMessage)))
            {
                services.AddSingleton(new Subscription(Subscriber, type));
            }
        }

        var transport = services.Last(s => s.ServiceType == typeof(IMessageTransport));
        services.Remove(transport);
        services.AddSingleton<IMessageTransport>(p => new Transport(
            (IMessageTransport)(transport.ImplementationInstance ?? transport.ImplementationFactory?.Invoke(p)
                ?? ActivatorUtilities.CreateInstance(p, transport.ImplementationType!)),
            p.GetRequiredService<PublishedMessages>()));
    }

    private sealed class Transport(IMessageTransport inner, PublishedMessages published) : IMessageTransport
    {
        public Task DeliverAsync(string subscriber, IReadOnlyList<Envelope> messages, CancellationToken cancellationToken)
        {
            if (subscriber != Subscriber)
            {
                return inner.DeliverAsync(subscriber, messages, cancellationToken);
            }

            foreach (var message in messages)
            {
                if (published._seen.TryAdd(message.Id, true))
                {
                    published._all.Enqueue(message);
                }
            }

            return Task.CompletedTask;
        }
    }
}
