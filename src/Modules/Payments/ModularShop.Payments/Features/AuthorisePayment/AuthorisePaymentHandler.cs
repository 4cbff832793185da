using ModularShop.Payments.Domain;
using ModularShop.Payments.Infrastructure;

namespace ModularShop.Payments.Features.AuthorisePayment;

/// <summary>Records that the provider is to be asked; the worker asks.</summary>
internal sealed class AuthorisePaymentHandler(PaymentsDbContext db, TimeProvider time) : IMessageHandler<Contracts.AuthorisePayment>
{
    public async Task Handle(Received<Contracts.AuthorisePayment> received, CancellationToken cancellationToken)
    {
        var command = received.Message;
        if (await db.Payments.AnyAsync(p => p.OrderId == command.OrderId, cancellationToken))
        {
            // One payment per order: asked for a second time, it answers, or has answered, once.
            return;
        }

        var now = time.GetUtcNow();
        var card = command.CardToken.Length <= Payment.MaxCodeLength
            ? await db.Cards.AsNoTracking().SingleOrDefaultAsync(c => c.Token == command.CardToken && c.CustomerId == command.CustomerId, cancellationToken)
            : null;
        var payment = Payment.Request(command with { CardToken = card?.Token ?? "" }, now);
        db.Add(payment);
        if (await db.CancelledOrders.AsNoTracking().SingleOrDefaultAsync(o => o.Id == command.OrderId, cancellationToken) is { } cancelled)
        {
            payment.CancelUnasked(cancelled.Reason, now);
        }
        else if (card is null)
        {
            // Unknown, or somebody else's: the same to whoever asks.
            payment.Decline("unknown_card", now);
        }
        else if (command.Amount.Amount <= 0 || !Currencies.IsKnown(command.Amount.Currency))
        {
            payment.Decline("invalid_amount", now);
        }
    }
}
