using ModularShop.Payments.Domain;

namespace ModularShop.Payments.Features.VoidAuthorisation;

internal static class VoidAuthorisationEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("payments/{orderId}/void", HandleAsync)
        .WithName("Payments.VoidAuthorisation")
        .WithSummary("Let the held amount go")
        .Fails(PaymentsError.PaymentNotFound, PaymentsError.NotAuthorised, PaymentsError.AlreadyCaptured, RequestError.Conflict)
        .ForOperators();

    private static async Task<Results<Accepted, Failure>> HandleAsync(Guid orderId, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new VoidAuthorisation(orderId), cancellationToken)).ToAccepted(orderId);
}
