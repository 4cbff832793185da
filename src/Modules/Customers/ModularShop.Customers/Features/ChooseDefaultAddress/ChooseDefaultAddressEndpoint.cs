using System.Security.Claims;
using ModularShop.Customers.Domain;

namespace ModularShop.Customers.Features.ChooseDefaultAddress;

internal static class ChooseDefaultAddressEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPut("me/addresses/{id:guid}/default", HandleAsync)
        .WithName("Customers.ChooseDefaultAddress")
        .WithSummary("Make one of the customer's addresses the default one")
        .Fails(CustomersError.AccountNotFound, CustomersError.AddressNotFound, RequestError.Conflict)
        .ForCustomers();

    private static async Task<Results<NoContent, Failure>> HandleAsync(Guid id, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ChooseDefaultAddress(user.CustomerId(), id), cancellationToken)).ToHttp();
}
