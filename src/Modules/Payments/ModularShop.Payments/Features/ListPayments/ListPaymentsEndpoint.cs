namespace ModularShop.Payments.Features.ListPayments;

internal static class ListPaymentsEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("payments", HandleAsync)
        .WithName("Payments.ListPayments")
        .WithSummary("All payments, the latest first")
        .Fails(RequestError.Cursor, RequestError.Invalid)
        .ForOperators();

    private static async Task<Results<Ok<Page<PaymentRow>>, Failure>> HandleAsync(
        IMediator mediator, CancellationToken cancellationToken, string? status = null, string? after = null, int size = Cursor.DefaultSize) =>
        (await mediator.Send(new ListPayments(status, after, size), cancellationToken)).ToHttp(TypedResults.Ok);
}
