using System.Security.Claims;
using ModularShop.Customers.Domain;

namespace ModularShop.Customers.Features.UpdateProfile;

internal static class UpdateProfileEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPut("me", HandleAsync)
        .WithName("Customers.UpdateProfile")
        .WithSummary("Give the customer another name or phone number")
        .Fails(CustomersError.AccountNotFound, RequestError.Invalid, RequestError.Conflict)
        .ForCustomers();

    private static async Task<Results<NoContent, Failure>> HandleAsync(
        Request request, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new UpdateProfile(user.CustomerId(), request.Name, request.Phone), cancellationToken)).ToHttp();

    internal sealed record Request(string Name, string? Phone = null);
}
