using System.Security.Claims;
using ModularShop.Customers.Domain;

namespace ModularShop.Customers.Features.ChangePreferences;

internal static class ChangePreferencesEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPut("me/preferences", HandleAsync)
        .WithName("Customers.ChangePreferences")
        .WithSummary("Change language, currency and consent to marketing")
        .Fails(CustomersError.AccountNotFound, RequestError.Invalid, RequestError.Conflict)
        .ForCustomers();

    private static async Task<Results<NoContent, Failure>> HandleAsync(
        Request request, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ChangePreferences(user.CustomerId(), request.Language, request.Currency, request.MarketingConsent), cancellationToken)).ToHttp();

    internal sealed record Request(string Language, string Currency, bool MarketingConsent);
}
