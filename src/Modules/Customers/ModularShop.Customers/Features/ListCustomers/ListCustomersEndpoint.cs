namespace ModularShop.Customers.Features.ListCustomers;

internal static class ListCustomersEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("", HandleAsync)
        .WithName("Customers.ListCustomers")
        .WithSummary("Open accounts by email: customers, or with role=operator operators")
        .Fails(RequestError.Cursor, RequestError.Invalid)
        .ForOperators();

    private static async Task<Results<Ok<Page<CustomerRow>>, Failure>> HandleAsync(
        IMediator mediator, CancellationToken cancellationToken, string? email = null, string role = Access.Customer, string? after = null,
        int size = Cursor.DefaultSize) =>
        (await mediator.Send(new ListCustomers(email, role, after, size), cancellationToken)).ToHttp(TypedResults.Ok);
}
