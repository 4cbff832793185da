using System.Security.Claims;
using ModularShop.Customers.Domain;
using ModularShop.Customers.Features.ListAddresses;

namespace ModularShop.Customers.Features.AddAddress;

internal static class AddAddressEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("me/addresses", HandleAsync)
        .WithName("Customers.AddAddress")
        .WithSummary("Keep another address of the customer; the first is the default one")
        .Fails(CustomersError.AccountNotFound, CustomersError.TooManyAddresses, RequestError.Invalid, RequestError.Conflict)
        .ForCustomers();

    private static async Task<Results<Created<AddressView>, Failure>> HandleAsync(
        AddressRequest request, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new AddAddress(user.CustomerId(), request.ToPostal()), cancellationToken))
        .ToHttp(address => TypedResults.Created($"/api/v1/customers/me/addresses/{address.Id}", address));
}

/// <param name="Country">ISO 3166-1 alpha-2.</param>
internal sealed record AddressRequest(
    string Recipient, string Line1, string City, string PostalCode, string Country, string? Line2 = null, string? Region = null)
{
    public PostalAddress ToPostal() => new(Recipient, Line1, City, PostalCode, Country, Line2, Region);
}
