using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Modules;
using ModularShop.Modularity.Peers;
using ModularShop.Modularity.Pipeline;
using ModularShop.Modularity.Security;

namespace ModularShop.Messaging;

/// <summary>What deployables ask each other about messages: <c>/internal/subscriptions</c> and <c>/internal/messages/&lt;module&gt;</c>.</summary>
public static class PeerEndpoints
{
    /// <summary>How long a sender that is ahead is kept waiting, until the owner that it knows is known here.</summary>
    private static readonly TimeSpan CatchUp = TimeSpan.FromSeconds(2);

    public static void MapMessageTransport(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").ForPeers().ExcludeFromDescription();
        group.MapGet(SubscribersRefresh.Path, SubscribersAsync).WithName("Messages.ListSubscriptions").WithSummary("Who takes which messages here");
        group.MapPost("internal/messages/{module}", ReceiveAsync).WithName("Messages.Receive").WithSummary("Messages from another deployable, into the inbox of a module")
            .WithMetadata(new RequestSizeLimitAttribute(MessageBatch.MaxBytes))
            .Fails(MessagesError.UnknownModule, MessagesError.NotTheOwner, MessagesError.InboxFull, RequestError.Invalid, RequestError.Unavailable);
    }

    /// <summary>A service asks every few seconds, so that it is also where the two say to each other what their databases say of the owner.</summary>
    private static async Task<JsonHttpResult<IReadOnlyDictionary<string, string[]>>> SubscribersAsync(
        HttpContext http, MessageTypes types, Ownerships ownerships, OwnershipStore store, CancellationToken cancellationToken)
    {
        if (http.Features.Get<IPeerConnection>()?.Deployable is { } module && OwnerTold.In(name => http.Request.Headers[name]) is { } told)
        {
            await store.HearAsync(module, told, cancellationToken);
            OwnerTold.Write(ownerships.Of(module), (name, value) => http.Response.Headers[name] = value);
        }

        return TypedResults.Json(types.Subscribers, MessageTypes.Json);
    }

    /// <remarks>
    /// :: Step 1 reads the batch; fields it does not know are a newer sender's. :: Step 2 waits, bounded, where the sender
    /// knows of a later owner. :: Step 3 puts the batch into the inbox, or passes it on; what comes from the owner itself is
    /// not passed back to it, so that no message goes round in circles.
    /// </remarks>
    private static async Task<Results<JsonHttpResult<BatchReceived>, Failure>> ReceiveAsync(
        string module, HttpContext http, ModuleRegistry modules, Ownerships ownerships, Deployable here, OwnerTransport transport, CancellationToken cancellationToken)
    {
        if ((modules.Find(module)?.Name ?? modules.FindDeparted(module)?.Name) is not { } name)
        {
            return new Failure(MessagesError.UnknownModule.Because(modules.Absent(module)));
        }

        // :: Step 1
        if (await ReadAsync(http.Request, cancellationToken) is not { } batch)
        {
            return new Failure(RequestError.Invalid.Because($"The body must be a batch of 1 to {MessageBatch.MaxMessages} messages as JSON."));
        }

        // :: Step 2
        await ownerships.WaitAsync(name, known => known.Epoch >= batch.Epoch, CatchUp, cancellationToken);

        // :: Step 3
        var destination = transport.DestinationOf(name);
        var sender = http.Features.Get<IPeerConnection>()?.Deployable;
        if (destination != here.Name && (here.Side is Owner.Service || string.Equals(destination, sender, StringComparison.OrdinalIgnoreCase)))
        {
            return NotTheOwner(name, ownerships.Of(name));
        }

        try
        {
            await transport.DeliverAsync(name, batch.Messages, cancellationToken);
            return TypedResults.Json(new BatchReceived(name, batch.Messages.Count), MessageTypes.Json);
        }
        catch (SubscriberBusyException e)
        {
            return new Failure(MessagesError.InboxFull.Because(e.Message));
        }
        catch (Exception e) when (e is NotTheOwnerException or SubscriberMovingException)
        {
            // Nobody takes them for the moment.
            return NotTheOwner(name, ownerships.Of(name));
        }
        catch (HttpRequestException e)
        {
            return new Failure(RequestError.Unavailable.Because($"The messages could not be passed on: {e.Message}"));
        }
    }

    private static Failure NotTheOwner(string module, Ownership known) => new(MessagesError.NotTheOwner.Because(
        $"{module} is owned by {known.Owner} in epoch {known.Epoch}; its messages go there.") with
    {
        Facts = new Dictionary<string, object?>(StringComparer.Ordinal) { ["owner"] = known.Owner.ToString(), ["epoch"] = known.Epoch },
    });

    private static async Task<MessageBatch?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await request.ReadFromJsonAsync<MessageBatch>(MessageTypes.Json, cancellationToken) is { Messages.Count: >= 1 and <= MessageBatch.MaxMessages } batch
                && batch.Messages.All(m => m is not null && MessageRow.Takes(m)) ? batch : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or not said to be.
            return null;
        }
    }
}
