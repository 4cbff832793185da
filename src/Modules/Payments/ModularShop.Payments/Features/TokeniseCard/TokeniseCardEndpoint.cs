using System.Security.Claims;
using ModularShop.Payments.Domain;

namespace ModularShop.Payments.Features.TokeniseCard;

internal static class TokeniseCardEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("cards", HandleAsync)
        .WithName("Payments.TokeniseCard")
        .WithSummary("Exchange a card for a token to check out with; the number is kept nowhere")
        .Fails(PaymentsError.CardRefused, PaymentsError.ProviderUnavailable, RequestError.Invalid)
        .RequireRateLimiting(RateLimits.Credentials) // who tries stolen numbers tries many
        .ForCustomers();

    private static async Task<Results<Ok<CardToken>, Failure>> HandleAsync(
        Request request, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(
            new TokeniseCard(user.CustomerId(), new CardDetails(request.Number, request.ExpiryMonth, request.ExpiryYear, request.Cvc)), cancellationToken))
        .ToHttp(TypedResults.Ok);

    internal sealed record Request(string Number, int ExpiryMonth, int ExpiryYear, string Cvc)
    {
        public override string ToString() => "a card";
    }
}
