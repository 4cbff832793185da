using System.Security.Claims;
using ModularShop.Customers.Domain;

namespace ModularShop.Customers.Features.RemoveAddress;

internal static class RemoveAddressEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapDelete("me/addresses/{id:guid}", HandleAsync)
        .WithName("Customers.RemoveAddress")
        .WithSummary("Forget one of the customer's addresses")
        .Fails(CustomersError.AccountNotFound, CustomersError.AddressNotFound, RequestError.Conflict)
        .ForCustomers();

    private static async Task<Results<NoContent, Failure>> HandleAsync(Guid id, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new RemoveAddress(user.CustomerId(), id), cancellationToken)).ToHttp();
}
