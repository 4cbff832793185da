using ModularShop.Customers.Domain;

namespace ModularShop.Customers.Features.GetCustomer;

internal static class GetCustomerEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("{id:guid}", HandleAsync)
        .WithName("Customers.GetCustomer")
        .WithSummary("One account, open or closed, with the state of its log-in")
        .Fails(CustomersError.AccountNotFound)
        .ForOperators();

    private static async Task<Results<Ok<CustomerDetails>, Failure>> HandleAsync(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetCustomer(id), cancellationToken)).ToHttp(TypedResults.Ok);
}
