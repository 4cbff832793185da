using System.Security.Claims;
using ModularShop.Customers.Domain;
using ModularShop.Customers.Features.AddAddress;
using ModularShop.Customers.Features.ListAddresses;

namespace ModularShop.Customers.Features.ChangeAddress;

internal static class ChangeAddressEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPut("me/addresses/{id:guid}", HandleAsync)
        .WithName("Customers.ChangeAddress")
        .WithSummary("Replace one of the customer's addresses")
        .Fails(CustomersError.AccountNotFound, CustomersError.AddressNotFound, RequestError.Invalid, RequestError.Conflict)
        .ForCustomers();

    private static async Task<Results<Ok<AddressView>, Failure>> HandleAsync(
        Guid id, AddressRequest request, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ChangeAddress(user.CustomerId(), id, request.ToPostal()), cancellationToken)).ToHttp(TypedResults.Ok);
}
