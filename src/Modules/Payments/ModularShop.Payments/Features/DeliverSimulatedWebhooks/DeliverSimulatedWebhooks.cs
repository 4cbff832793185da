using ModularShop.Payments.Infrastructure.Provider;

namespace ModularShop.Payments.Features.DeliverSimulatedWebhooks;

/// <summary>
/// Plays the webhooks of the simulator in this process. What a crash loses is found when the worker asks again about
/// what is pending.
/// </summary>
internal sealed class DeliverSimulatedWebhooks(SimulatedProvider provider, IServiceScopeFactory scopes) : IModuleWorker
{
    public async Task<bool> RunOnceAsync(HeldLease lease, CancellationToken cancellationToken)
    {
        var due = provider.DueNotices();
        foreach (var notice in due)
        {
            await using var scope = scopes.CreateAsyncScope();
            var type = notice.Approve() ? ReceiveProviderEvent.ReceiveProviderEvent.Approved : ReceiveProviderEvent.ReceiveProviderEvent.Declined;
            var received = new ReceiveProviderEvent.ReceiveProviderEvent(
                notice.EventId, type, notice.Authorisation.MerchantReference, notice.Authorisation.Reference);
            await scope.ServiceProvider.GetRequiredService<IMediator>().Send(received, cancellationToken);
            provider.Delivered(notice);
        }

        return due.Count > 0;
    }
}
