using ModularShop.Customers.Domain;
using ModularShop.Customers.Infrastructure;
using ModularShop.Customers.Infrastructure.Tokens;

namespace ModularShop.Customers.Features.Register;

internal static class RegisterEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("registration", HandleAsync)
        .WithName("Customers.Register")
        .WithSummary("Open a customer's account; the answer is logged in already")
        .Fails(CustomersError.EmailTaken, RequestError.Invalid, RequestError.TooManyRequests)
        .RequireRateLimiting(RateLimits.Credentials)
        .NeverCached()
        .ForEveryone();

    private static async Task<Results<Created<TokenPair>, Failure>> HandleAsync(Request request, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new Register(request.Email, request.Password, request.Name, request.AnonymousCartId), cancellationToken))
        .ToHttp(tokens => TypedResults.Created("/api/v1/customers/me", tokens));

    /// <param name="AnonymousCartId">The cart filled so far; it becomes the customer's.</param>
    internal sealed record Request(string Email, string Password, string Name, Guid? AnonymousCartId = null);
}
