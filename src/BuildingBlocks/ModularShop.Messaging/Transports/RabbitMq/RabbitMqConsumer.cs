using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Modules;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace ModularShop.Messaging;

/// <summary>
/// Takes a module's messages from its queue into its inbox, in the process that holds the module's lease and so at its
/// owner: whole batches, in the queue's order, acknowledged once they are committed. Whatever goes wrong closes the
/// channel, which gives back, in its place, what is not acknowledged; the inbox drops what comes twice.
/// </summary>
internal sealed class RabbitMqConsumer(
    LoadedModule module, RabbitMqBroker broker, InProcessTransport inbox, IOptions<MessagingOptions> options, TimeProvider time, ILogger<RabbitMqConsumer> logger) : IModuleWorker
{
    private static readonly TimeSpan WhileBusy = TimeSpan.FromMilliseconds(100);

    /// <summary>Ends with the lease, or with an error: the next call connects anew.</summary>
    public async Task<bool> RunOnceAsync(HeldLease lease, CancellationToken cancellationToken)
    {
        await using var channel = await broker.OpenAsync(module.Name, confirms: false, cancellationToken);
        var prefetch = options.Value.RabbitMq.Prefetch;
        await channel.BasicQosAsync(prefetchSize: 0, (ushort)prefetch, global: false, cancellationToken);
        var arrived = Channel.CreateUnbounded<Delivery>(); // the prefetch bounds it
        channel.ChannelShutdownAsync += (_, e) =>
        {
            arrived.Writer.TryComplete(new IOException($"The channel to the broker is closed: {e.ReplyText}"));
            return Task.CompletedTask;
        };
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, e) =>
        {
            // The client reuses the body's memory.
            arrived.Writer.TryWrite(new Delivery(e.DeliveryTag, Read(e.Body.Span), e.BasicProperties.MessageId));
            return Task.CompletedTask;
        };
        consumer.UnregisteredAsync += (_, _) =>
        {
            arrived.Writer.TryComplete(new IOException("The broker cancelled the consumer: its queue was deleted, or moved."));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(broker.QueueOf(module.Name), autoAck: false, consumer, cancellationToken);
        while (await arrived.Reader.WaitToReadAsync(cancellationToken))
        {
            var batch = new List<Delivery>();
            while (batch.Count < options.Value.BatchSize && arrived.Reader.TryRead(out var delivery))
            {
                batch.Add(delivery);
            }

            await TakeAsync(channel, batch, cancellationToken);
        }

        return false;
    }

    private async Task TakeAsync(IChannel channel, List<Delivery> batch, CancellationToken cancellationToken)
    {
        foreach (var unreadable in batch.Where(d => d.Message is null))
        {
            MessagingLog.Unreadable(logger, module.Name, unreadable.MessageId);
            await channel.BasicRejectAsync(unreadable.Tag, requeue: false, cancellationToken);
        }

        var readable = batch.Where(d => d.Message is not null).ToList();
        if (readable.Count == 0)
        {
            return;
        }

        var messages = readable.Select(d => d.Message!).ToList();
        while (!await TryDeliverAsync(messages, cancellationToken))
        {
            // The inbox is full: the queue fills up meanwhile, and then the outboxes.
            await Task.Delay(WhileBusy, time, cancellationToken);
        }

        // A crash before this: the broker delivers them again, and the inbox drops them.
        await channel.BasicAckAsync(readable[^1].Tag, multiple: true, cancellationToken);
    }

    private async Task<bool> TryDeliverAsync(List<Envelope> messages, CancellationToken cancellationToken)
    {
        try
        {
            await inbox.DeliverAsync(module.Name, messages, cancellationToken);
            return true;
        }
        catch (SubscriberBusyException)
        {
            return false;
        }
    }

    private static Envelope? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize<Envelope>(body, MessageTypes.Json) is { } message && MessageRow.Takes(message) ? message : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Delivery(ulong Tag, Envelope? Message, string? MessageId);
}
