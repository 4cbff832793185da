using System.Security.Claims;
using ModularShop.Customers.Domain;

namespace ModularShop.Customers.Features.GetProfile;

internal static class GetProfileEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("me", HandleAsync)
        .WithName("Customers.GetProfile")
        .WithSummary("The customer who is logged in")
        .Fails(CustomersError.AccountNotFound)
        .ForCustomers();

    private static async Task<Results<Ok<Profile>, Failure>> HandleAsync(ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetProfile(user.CustomerId()), cancellationToken)).ToHttp(TypedResults.Ok);
}
