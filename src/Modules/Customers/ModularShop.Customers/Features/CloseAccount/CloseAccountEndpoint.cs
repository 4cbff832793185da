using System.Security.Claims;
using ModularShop.Customers.Domain;

namespace ModularShop.Customers.Features.CloseAccount;

internal static class CloseAccountEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapDelete("me", HandleAsync)
        .WithName("Customers.CloseAccount")
        .WithSummary("Close the customer's account for good: personal data is removed, all sessions end")
        .Fails(CustomersError.AccountNotFound, RequestError.Conflict)
        .ForCustomers();

    private static async Task<Results<NoContent, Failure>> HandleAsync(ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new CloseAccount(user.CustomerId()), cancellationToken)).ToHttp();
}
