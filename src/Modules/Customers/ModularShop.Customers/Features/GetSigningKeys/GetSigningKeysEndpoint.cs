namespace ModularShop.Customers.Features.GetSigningKeys;

internal static class GetSigningKeysEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("jwks", HandleAsync)
        .WithName("Customers.GetSigningKeys")
        .WithSummary("The public keys that access tokens are verified with, as a JSON Web Key Set")
        .ForEveryone();

    private static async Task<Results<Ok<KeySet>, Failure>> HandleAsync(IMediator mediator, HttpResponse response, CancellationToken cancellationToken)
    {
        // A new key is published for as long as its predecessor's tokens live before anybody misses it.
        response.Headers.CacheControl = "public, max-age=300";
        return (await mediator.Send(new GetSigningKeys(), cancellationToken)).ToHttp(TypedResults.Ok);
    }
}
