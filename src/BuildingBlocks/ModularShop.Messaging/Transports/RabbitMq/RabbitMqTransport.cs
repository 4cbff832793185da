using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace ModularShop.Messaging;

/// <summary>
/// Publishes into the queue of the subscriber, whoever owns it: with one way to a subscriber, no message can pass
/// another on a second one.
/// </summary>
/// <remarks>
/// :: Step 1 looks how much waits there: a slow subscriber's messages wait in the outbox. :: Step 2 publishes in windows,
/// each with at most one message of a subject, and goes on when all of a window are confirmed. A message that the broker
/// refuses, alone, so has nothing of its subject before it; after a lost connection, what is not confirmed is published
/// again, in its order, and the inbox drops what had come through.
/// </remarks>
internal sealed class RabbitMqTransport(RabbitMqBroker broker, IOptions<MessagingOptions> options) : IMessageTransport, IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string Source, string Subscriber), Publisher> _publishers = new();

    public async Task DeliverAsync(string subscriber, IReadOnlyList<Envelope> messages, CancellationToken cancellationToken)
    {
        // A source has one dispatcher, and so a channel of its own.
        var publisher = _publishers.GetOrAdd((messages[0].Source, subscriber), static _ => new Publisher());
        await publisher.Turn.WaitAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            limit.CancelAfter(PeerTransport.Patience * (1 + (messages.Count / options.Value.RabbitMq.Window)));
            publisher.Channel ??= await broker.OpenAsync(subscriber, confirms: true, limit.Token);
            await PublishAsync(publisher.Channel, subscriber, messages, limit.Token);
        }
        catch (Exception e) when (e is not SubscriberBusyException)
        {
            await publisher.CloseAsync();
            if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"The broker did not confirm {messages.Count} messages for {subscriber} in time.", e);
            }

            throw;
        }
        finally
        {
            publisher.Turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var publisher in _publishers.Values)
        {
            await publisher.CloseAsync();
            publisher.Turn.Dispose();
        }
    }

    private async Task PublishAsync(IChannel channel, string subscriber, IReadOnlyList<Envelope> messages, CancellationToken cancellationToken)
    {
        // :: Step 1
        var queue = broker.QueueOf(subscriber);
        var most = options.Value.MaxPending;
        if ((await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).MessageCount >= most)
        {
            throw new SubscriberBusyException($"{most} messages or more wait in the queue {queue} (Messaging:MaxPending); what follows waits in the outbox.");
        }

        // :: Step 2
        foreach (var window in Windows(messages, options.Value.RabbitMq.Window))
        {
            await Task.WhenAll(window.Select(m => channel.BasicPublishAsync(
                exchange: "", queue, mandatory: true, Properties(m), JsonSerializer.SerializeToUtf8Bytes(m, MessageTypes.Json), cancellationToken).AsTask()));
        }
    }

    /// <summary>The first message of each subject, then the second of each, and so on.</summary>
    internal static IEnumerable<IReadOnlyList<Envelope>> Windows(IReadOnlyList<Envelope> messages, int most)
    {
        var subjects = messages.GroupBy(m => m.Subject, StringComparer.Ordinal).Select(s => s.ToList()).ToList();
        for (var place = 0; subjects.Count > 0; place++)
        {
            foreach (var window in subjects.Select(s => s[place]).Chunk(most))
            {
                yield return window;
            }

            subjects.RemoveAll(s => s.Count == place + 1);
        }
    }

    private static BasicProperties Properties(Envelope message) => new()
    {
        Persistent = true,
        ContentType = "application/json",
        MessageId = message.Id.ToString(),
        Type = message.Type,
        AppId = message.Source,
    };

    private sealed class Publisher
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public IChannel? Channel { get; set; }

        public async Task CloseAsync()
        {
            if (Channel is { } channel)
            {
                Channel = null;
                await channel.DisposeAsync();
            }
        }
    }
}
