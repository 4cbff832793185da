using ModularShop.Payments.Domain;
using ModularShop.Payments.Infrastructure;
using ModularShop.Payments.Infrastructure.Provider;

namespace ModularShop.Payments.Features.TokeniseCard;

/// <summary>Passes the card on to the provider and keeps the token. No transaction is open while it asks.</summary>
internal sealed class TokeniseCardHandler(PaymentsDbContext db, IPaymentProvider provider, ProviderPipeline pipeline, TimeProvider time)
    : IRequestHandler<TokeniseCard, Result<CardToken>>
{
    public async Task<Result<CardToken>> Handle(TokeniseCard command, CancellationToken cancellationToken)
    {
        var card = command.Card with { Number = CardNumber.Normalise(command.Card.Number) };
        var key = Guid.CreateVersion7().ToString("N");
        switch (await pipeline.CallAsync(token => provider.TokeniseAsync(key, card, token), cancellationToken))
        {
            case ProviderAnswer.Approved approved:
                var known = new Card
                {
                    Token = approved.Reference, CustomerId = command.CustomerId, Brand = CardNumber.BrandOf(card.Number), Last4 = card.Number[^4..], AddedAt = time.GetUtcNow(),
                };
                db.Add(known);
                return new CardToken(known.Token, known.Brand, known.Last4);
            case ProviderAnswer.Declined declined:
                return PaymentsError.CardRefused.Because($"The payment provider does not take this card: {declined.Reason}. Try another card.");
            default:
                return PaymentsError.ProviderUnavailable.Because("The payment provider does not answer at the moment. Nothing was kept of the card; try again.");
        }
    }
}
