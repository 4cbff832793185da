using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Peers;

namespace ModularShop.Messaging;

/// <summary>Subscribers in another deployable: batches over HTTP, each acknowledged once it is in the inbox there.</summary>
internal sealed class PeerTransport(PeerClients? peers = null)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="NotTheOwnerException">The module's data is owned by somebody else, whom the exception names.</exception>
    /// <exception cref="SubscriberBusyException">The inbox is full.</exception>
    /// <exception cref="HttpRequestException">There was no answer, or none that says that the batch was received.</exception>
    public async Task DeliverAsync(string deployable, string module, long epoch, IReadOnlyList<Envelope> messages, CancellationToken cancellationToken)
    {
        foreach (var batch in MessageBatch.Cut(messages))
        {
            await SendAsync(deployable, module, new MessageBatch(epoch, batch), cancellationToken);
        }
    }

    private async Task SendAsync(string deployable, string module, MessageBatch batch, CancellationToken cancellationToken)
    {
        var client = (peers ?? throw new InvalidOperationException("This process has no peers: call AddPlatform.")).For(deployable);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var response = await client.PostAsJsonAsync(new Uri($"internal/messages/{module}", UriKind.Relative), batch, MessageTypes.Json, limit.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw Refusal(deployable, module, response.StatusCode, await response.Content.ReadFromJsonAsync<BatchRefused>(MessageTypes.Json, limit.Token));
            }

            // Somebody else's "OK" must not cost the messages.
            var received = await response.Content.ReadFromJsonAsync<BatchReceived>(MessageTypes.Json, limit.Token);
            if (received is null || received.Received != batch.Messages.Count || !string.Equals(received.Module, module, StringComparison.OrdinalIgnoreCase))
            {
                throw new HttpRequestException($"{deployable} acknowledged {received?.Received ?? 0} of {batch.Messages.Count} messages for {module}.");
            }
        }
        catch (JsonException e)
        {
            throw new HttpRequestException($"{deployable} answered a delivery for {module} with something else than an acknowledgment.", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"{deployable} did not acknowledge a delivery for {module} within {Patience.TotalSeconds} s.", e);
        }
    }

    private static Exception Refusal(string deployable, string module, HttpStatusCode status, BatchRefused? refused) => refused switch
    {
        { Owner: { } owner, Epoch: { } epoch } when refused.Code == MessagesError.NotTheOwner.Code() => new NotTheOwnerException(module, deployable, new Ownership(owner, epoch)),
        _ when refused?.Code == MessagesError.InboxFull.Code() => new SubscriberBusyException(refused.Detail ?? $"The inbox of {module} is full."),
        _ => new HttpRequestException($"{deployable} refused a delivery for {module}: {(int)status} {refused?.Detail}", inner: null, status),
    };
}
