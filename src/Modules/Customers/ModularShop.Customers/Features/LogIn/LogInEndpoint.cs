using ModularShop.Customers.Domain;
using ModularShop.Customers.Infrastructure;
using ModularShop.Customers.Infrastructure.Tokens;

namespace ModularShop.Customers.Features.LogIn;

internal static class LogInEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("login", HandleAsync)
        .WithName("Customers.LogIn")
        .WithSummary("Exchange email and password for tokens; customers and operators alike")
        .Fails(CustomersError.BadCredentials, CustomersError.LockedOut, RequestError.Invalid, RequestError.TooManyRequests)
        .RequireRateLimiting(RateLimits.Credentials)
        .NeverCached()
        .ForEveryone();

    private static async Task<Results<Ok<TokenPair>, Failure>> HandleAsync(
        Request request, IMediator mediator, HttpResponse response, CancellationToken cancellationToken) =>
        (await mediator.Send(new LogIn(request.Email, request.Password, request.AnonymousCartId), cancellationToken)).ToHttp(response, TypedResults.Ok);

    /// <param name="AnonymousCartId">The cart filled so far; it becomes the customer's.</param>
    internal sealed record Request(string Email, string Password, Guid? AnonymousCartId = null);
}
