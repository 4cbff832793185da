using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Modules;

namespace ModularShop.Messaging;

/// <summary>
/// Delivers to the owner of the subscriber's data, chosen anew for each delivery: here into its inbox, elsewhere over
/// HTTP. A service sends everything that is not its own to the monolith, which hosts every module and passes on what a
/// service owns: so a service needs to know one address and to trust one peer, and only who can read a module's owner
/// decides by it. The price is a second hop between two services.
/// </summary>
internal sealed class OwnerTransport(
    Deployable here, Ownerships ownerships, OwnershipStore store, ModuleRegistry modules, InProcessTransport inProcess, PeerTransport peers) : IMessageTransport
{
    /// <summary>An owner that changes more often than this during one delivery is waited for, as any failure is.</summary>
    private const int Destinations = 3;

    public async Task DeliverAsync(string subscriber, IReadOnlyList<Envelope> messages, CancellationToken cancellationToken)
    {
        for (var tried = 1; ; tried++)
        {
            var known = ownerships.Of(subscriber);
            var destination = DestinationOf(subscriber);
            try
            {
                if (destination == here.Name)
                {
                    await inProcess.DeliverAsync(subscriber, messages, cancellationToken);
                    return;
                }

                await peers.DeliverAsync(destination, subscriber, known.Epoch, messages, cancellationToken);
                return;
            }
            catch (NotTheOwnerException e) when (e.Ownership.Epoch > known.Epoch && tried < Destinations)
            {
                await store.LearnAsync(subscriber, e.Ownership, cancellationToken);
            }
            catch (SubscriberMovingException) when (tried < Destinations)
            {
                // Nothing was received.
                await store.RefreshAsync(subscriber, cancellationToken);
                if (DestinationOf(subscriber) == here.Name)
                {
                    throw;
                }
            }
        }
    }

    /// <summary>The deployable that takes the module's messages, as far as this one decides it.</summary>
    public string DestinationOf(string module) => here.Side is Owner.Monolith
        ? Deployable.Of(module, ownerships.Of(module).Owner)
        : modules.Find(module) is not null && ownerships.IsHere(module) ? here.Name : Deployable.Monolith;
}

/// <summary>The peer does not own the module's data, nor knows whom to pass it on to.</summary>
internal sealed class NotTheOwnerException(string module, string peer, Ownership ownership)
    : Exception($"{peer} does not take messages for {module}: it knows {ownership.Owner} as the owner, in epoch {ownership.Epoch}.")
{
    public Ownership Ownership => ownership;
}
