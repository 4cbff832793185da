using System.Security.Claims;
using ModularShop.Customers.Domain;
using ModularShop.Customers.Infrastructure;
using ModularShop.Customers.Infrastructure.Tokens;

namespace ModularShop.Customers.Features.ChangePassword;

internal static class ChangePasswordEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPut("me/password", HandleAsync)
        .WithName("Customers.ChangePassword")
        .WithSummary("Give whoever is logged in, customer or operator, a new password; all other sessions end")
        .Fails(CustomersError.AccountNotFound, CustomersError.WrongPassword, CustomersError.LockedOut, RequestError.Invalid, RequestError.TooManyRequests)
        .RequireRateLimiting(RateLimits.Credentials)
        .ForCustomersAndOperators();

    private static async Task<Results<NoContent, Failure>> HandleAsync(
        Request request, ClaimsPrincipal user, IMediator mediator, HttpResponse response, CancellationToken cancellationToken) =>
        (await mediator.Send(
            new ChangePassword(AccessTokens.AccountOf(user), AccessTokens.SessionOf(user), request.CurrentPassword, request.NewPassword), cancellationToken))
        .ToHttp(response, _ => TypedResults.NoContent());

    internal sealed record Request(string CurrentPassword, string NewPassword);
}
