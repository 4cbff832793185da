using System.Security.Claims;
using ModularShop.Customers.Infrastructure.Tokens;

namespace ModularShop.Customers.Features.LogOutEverywhere;

internal static class LogOutEverywhereEndpoint
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("logout-everywhere", HandleAsync)
            .WithName("Customers.LogOutEverywhere")
            .WithSummary("End all sessions of the customer, this one included")
            .ForCustomers();
        api.MapPost("operators/me/logout-everywhere", HandleAsync)
            .WithName("Customers.LogOutOperatorEverywhere")
            .WithSummary("End all sessions of the operator, this one included")
            .ForOperators();
    }

    private static async Task<Results<NoContent, Failure>> HandleAsync(ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new LogOutEverywhere(AccessTokens.AccountOf(user)), cancellationToken)).ToHttp();
}
