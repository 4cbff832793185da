using System.Security.Claims;
using ModularShop.Payments.Domain;

namespace ModularShop.Payments.Features.GetInvoice;

internal static class GetInvoiceEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("invoices/{number}", HandleAsync)
        .WithName("Payments.GetInvoice")
        .WithSummary("An invoice")
        .Fails(PaymentsError.InvoiceNotFound)
        .ForCustomersAndOperators();

    private static async Task<Results<Ok<InvoiceDetails>, Failure>> HandleAsync(
        string number, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetInvoice(number, user.IsInRole(Access.Operator) ? null : user.CustomerId()), cancellationToken)).ToHttp(TypedResults.Ok);
}
