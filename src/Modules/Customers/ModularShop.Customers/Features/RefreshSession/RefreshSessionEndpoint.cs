using ModularShop.Customers.Domain;
using ModularShop.Customers.Infrastructure;
using ModularShop.Customers.Infrastructure.Tokens;

namespace ModularShop.Customers.Features.RefreshSession;

/// <remarks>What it checks cannot be guessed, so it is limited like any write: who logs in too often at an address takes nobody's session there.</remarks>
internal static class RefreshSessionEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("refresh", HandleAsync)
        .WithName("Customers.RefreshSession")
        .WithSummary("Exchange a refresh token, good for one use, for new tokens")
        .Fails(CustomersError.RefreshInvalid, CustomersError.RefreshReused, RequestError.Invalid)
        .NeverCached()
        .ForEveryone();

    private static async Task<Results<Ok<TokenPair>, Failure>> HandleAsync(
        Request request, IMediator mediator, HttpResponse response, CancellationToken cancellationToken) =>
        (await mediator.Send(new RefreshSession(request.RefreshToken), cancellationToken)).ToHttp(response, TypedResults.Ok);

    internal sealed record Request(string RefreshToken);
}
