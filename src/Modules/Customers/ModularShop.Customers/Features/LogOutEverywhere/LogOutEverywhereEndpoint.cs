using System.Security.Claims;
using ModularShop.Customers.Infrastructure.Tokens;

namespace ModularShop.Customers.Features.LogOutEverywhere;

internal static class LogOutEverywhereEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("logout-everywhere", HandleAsync)
        .WithName("Customers.LogOutEverywhere")
        .WithSummary("End all sessions of whoever is logged in, this one included")
        .ForCustomersAndOperators();

    private static async Task<Results<NoContent, Failure>> HandleAsync(ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new LogOutEverywhere(AccessTokens.AccountOf(user)), cancellationToken)).ToHttp();
}
