using ModularShop.Payments.Domain;

namespace ModularShop.Payments.Features.CapturePayment;

internal static class CapturePaymentEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("payments/{orderId}/capture", HandleAsync)
        .WithName("Payments.CapturePayment")
        .WithSummary("Take the held amount now, without waiting for the delivery")
        .Fails(PaymentsError.PaymentNotFound, PaymentsError.NotAuthorised, RequestError.Conflict)
        .ForOperators();

    private static async Task<Results<Accepted, Failure>> HandleAsync(Guid orderId, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new CapturePayment(orderId), cancellationToken)).ToAccepted(orderId);
}
