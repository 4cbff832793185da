using System.Security.Claims;

namespace ModularShop.Payments.Features.ListInvoices;

internal static class ListInvoicesEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("invoices", HandleAsync)
        .WithName("Payments.ListInvoices")
        .WithSummary("Your invoices, the latest first")
        .Fails(RequestError.Cursor, RequestError.Invalid)
        .ForCustomers();

    private static async Task<Results<Ok<Page<InvoiceRow>>, Failure>> HandleAsync(
        ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken, string? after = null, int size = Cursor.DefaultSize) =>
        (await mediator.Send(new ListInvoices(user.CustomerId(), after, size), cancellationToken)).ToHttp(TypedResults.Ok);
}
