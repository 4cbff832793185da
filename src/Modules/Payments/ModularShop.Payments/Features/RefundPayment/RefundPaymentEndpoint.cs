using Microsoft.AspNetCore.Mvc;
using ModularShop.Payments.Domain;

namespace ModularShop.Payments.Features.RefundPayment;

internal static class RefundPaymentEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("payments/{orderId}/refund", HandleAsync)
        .WithName("Payments.RefundPayment")
        .WithSummary("Give back some or all of what was captured; the payment says when it is done")
        .Fails(PaymentsError.PaymentNotFound, PaymentsError.NotCaptured, PaymentsError.BusyWithProvider, PaymentsError.IdempotencyKeyReused,
            PaymentsError.RefundExceedsCaptured, PaymentsError.CurrencyChanged, RequestError.Conflict, RequestError.Invalid)
        .ForOperators();

    private static async Task<Results<Accepted, Failure>> HandleAsync(
        Guid orderId, Request request, IMediator mediator, CancellationToken cancellationToken, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey = null) =>
        (await mediator.Send(new RefundPayment(orderId, request.Amount, request.Reason, idempotencyKey ?? ""), cancellationToken)).ToAccepted(orderId);

    internal sealed record Request(Money Amount, string Reason);
}
