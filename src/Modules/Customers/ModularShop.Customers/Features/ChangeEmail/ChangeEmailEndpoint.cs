using System.Security.Claims;
using ModularShop.Customers.Domain;
using ModularShop.Customers.Infrastructure;

namespace ModularShop.Customers.Features.ChangeEmail;

internal static class ChangeEmailEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPut("me/email", HandleAsync)
        .WithName("Customers.ChangeEmail")
        .WithSummary("Give the customer another email address; takes the password")
        .Fails(
            CustomersError.AccountNotFound, CustomersError.WrongPassword, CustomersError.LockedOut, CustomersError.EmailTaken, RequestError.Invalid,
            RequestError.TooManyRequests)
        .RequireRateLimiting(RateLimits.Credentials)
        .ForCustomers();

    private static async Task<Results<NoContent, Failure>> HandleAsync(
        Request request, ClaimsPrincipal user, IMediator mediator, HttpResponse response, CancellationToken cancellationToken) =>
        (await mediator.Send(new ChangeEmail(user.CustomerId(), request.Email, request.Password), cancellationToken))
        .ToHttp(response, _ => TypedResults.NoContent());

    internal sealed record Request(string Email, string Password);
}
