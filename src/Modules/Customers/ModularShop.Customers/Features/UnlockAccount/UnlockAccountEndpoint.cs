using ModularShop.Customers.Domain;

namespace ModularShop.Customers.Features.UnlockAccount;

internal static class UnlockAccountEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("{id:guid}/unlock", HandleAsync)
        .WithName("Customers.UnlockAccount")
        .WithSummary("Let an account log in again that was locked after wrong passwords")
        .Fails(CustomersError.AccountNotFound, RequestError.Conflict)
        .ForOperators();

    private static async Task<Results<NoContent, Failure>> HandleAsync(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new UnlockAccount(id), cancellationToken)).ToHttp();
}
