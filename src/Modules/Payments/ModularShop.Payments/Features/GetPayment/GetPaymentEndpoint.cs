using System.Security.Claims;
using ModularShop.Payments.Domain;

namespace ModularShop.Payments.Features.GetPayment;

internal static class GetPaymentEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("payments/{orderId}", HandleAsync)
        .WithName("Payments.GetPayment")
        .WithSummary("The payment of an order, with its history")
        .Fails(PaymentsError.PaymentNotFound)
        .ForCustomersAndOperators();

    private static async Task<Results<Ok<PaymentDetails>, Failure>> HandleAsync(
        Guid orderId, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetPayment(orderId, user.IsInRole(Access.Operator) ? null : user.CustomerId()), cancellationToken)).ToHttp(TypedResults.Ok);
}
