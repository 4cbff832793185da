using System.Security.Claims;
using ModularShop.Customers.Domain;

namespace ModularShop.Customers.Features.GetPreferences;

internal static class GetPreferencesEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("me/preferences", HandleAsync)
        .WithName("Customers.GetPreferences")
        .WithSummary("The customer's language, currency and consent to marketing")
        .Fails(CustomersError.AccountNotFound)
        .ForCustomers();

    private static async Task<Results<Ok<Preferences>, Failure>> HandleAsync(ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetPreferences(user.CustomerId()), cancellationToken)).ToHttp(TypedResults.Ok);
}
