using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Payments.Domain;
using ModularShop.Payments.Infrastructure;
using ModularShop.Payments.Infrastructure.Provider;

namespace ModularShop.Payments.Features.ReceiveProviderEvent;

internal sealed class ReceiveProviderEventHandler(
    PaymentsDbContext db, IOptions<AuthorisationOptions> options, TimeProvider time, ILogger<ReceiveProviderEventHandler> logger)
    : IRequestHandler<ReceiveProviderEvent, Result>
{
    public async Task<Result> Handle(ReceiveProviderEvent received, CancellationToken cancellationToken)
    {
        ProviderAnswer? answer = received.Type switch
        {
            ReceiveProviderEvent.Approved => new ProviderAnswer.Approved(received.Reference!),
            ReceiveProviderEvent.Declined => new ProviderAnswer.Declined(received.Reason is { Length: > 0 } reason ? reason : "declined"),
            _ => null,
        };
        if (answer is null || await db.ProviderEvents.AnyAsync(e => e.EventId == received.Id, cancellationToken))
        {
            return Result.Ok;
        }

        var now = time.GetUtcNow();
        if (await db.PaymentAsync(p => p.Id == received.MerchantReference, cancellationToken) is not { } payment)
        {
            // Acknowledged all the same: the provider would repeat for days what can never be taken.
            Log.UnknownPayment(logger, received.Type, received.MerchantReference);
            return Result.Ok;
        }

        payment.Answered(payment.AuthoriseCall, answer, new PaymentTerms(options.Value.Lifetime, options.Value.PendingRecheck), now);
        db.Add(new ProviderEvent { EventId = received.Id, Type = received.Type, MerchantReference = received.MerchantReference, ReceivedAt = now });
        return Result.Ok;
    }
}
