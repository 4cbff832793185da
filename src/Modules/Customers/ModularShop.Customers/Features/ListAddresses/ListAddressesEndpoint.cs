using System.Security.Claims;
using ModularShop.Customers.Domain;

namespace ModularShop.Customers.Features.ListAddresses;

internal static class ListAddressesEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("me/addresses", HandleAsync)
        .WithName("Customers.ListAddresses")
        .WithSummary("The customer's addresses, oldest first")
        .Fails(CustomersError.AccountNotFound)
        .ForCustomers();

    private static async Task<Results<Ok<Page<AddressView>>, Failure>> HandleAsync(ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ListAddresses(user.CustomerId()), cancellationToken)).ToHttp(TypedResults.Ok);
}
