using Microsoft.Extensions.Options;
using ModularShop.Modularity.Deployables;
using RabbitMQ.Client;

namespace ModularShop.Messaging;

/// <summary>
/// The broker's queues, one for each module that takes messages, and the connection to it. A connection that is lost is
/// made anew by whoever needs it next; what it lost was not confirmed, and is sent or taken again.
/// </summary>
internal sealed class RabbitMqBroker(IOptions<MessagingOptions> options, Deployable here) : IAsyncDisposable
{
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private IConnection? _connection;

    private RabbitMqOptions Options => options.Value.RabbitMq;

    private string DeadLetters => $"{Options.Prefix}.dead-letters";

    /// <summary>A channel on which <paramref name="module"/>'s queue is there.</summary>
    public async Task<IChannel> OpenAsync(string module, bool confirms, CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(cancellationToken);
        var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: confirms, publisherConfirmationTrackingEnabled: confirms, outstandingPublisherConfirmationsRateLimiter: null), cancellationToken);
        try
        {
            await DeclareAsync(channel, module, cancellationToken);
            return channel;
        }
        catch
        {
            await channel.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects, and makes nothing there.</summary>
    public async Task PingAsync(CancellationToken cancellationToken) => await ConnectAsync(cancellationToken);

    public string QueueOf(string module) => $"{Options.Prefix}.{module.ToLowerInvariant()}";

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            await connection.DisposeAsync();
        }

        _connecting.Dispose();
    }

    private async Task<IConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        await _connecting.WaitAsync(cancellationToken);
        try
        {
            if (_connection is { IsOpen: true } open)
            {
                return open;
            }

            if (_connection is { } lost)
            {
                _connection = null;
                await lost.DisposeAsync();
            }

            var factory = new ConnectionFactory
            {
                Uri = new Uri(Options.Uri),
                // Our own way back starts from what is not confirmed; the client's would go on with channels that have forgotten it.
                AutomaticRecoveryEnabled = false,
                RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
                ContinuationTimeout = TimeSpan.FromSeconds(5),
                RequestedHeartbeat = TimeSpan.FromSeconds(5),
                ClientProvidedName = $"{Options.Prefix} {here.Name}",
            };
            return _connection = await factory.CreateConnectionAsync(cancellationToken);
        }
        finally
        {
            _connecting.Release();
        }
    }

    /// <summary>
    /// Whoever comes first makes the queue. One consumer at a time: between two, messages of one subject could pass each
    /// other. What no module can read goes to the dead letters' queue, for people.
    /// </summary>
    private async Task DeclareAsync(IChannel channel, string module, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(DeadLetters, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(DeadLetters, durable: true, exclusive: false, autoDelete: false, Type(), cancellationToken: cancellationToken);
        await channel.QueueBindAsync(DeadLetters, DeadLetters, routingKey: "", cancellationToken: cancellationToken);
        var arguments = Type();
        arguments["x-single-active-consumer"] = true;
        arguments["x-dead-letter-exchange"] = DeadLetters;
        await channel.QueueDeclareAsync(QueueOf(module), durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);
    }

    private Dictionary<string, object?> Type() => new(StringComparer.Ordinal) { ["x-queue-type"] = Options.Quorum ? "quorum" : "classic" };
}
