using System.Security.Claims;
using ModularShop.Customers.Domain;
using ModularShop.Customers.Infrastructure.Tokens;

namespace ModularShop.Customers.Features.CreateOperator;

internal static class CreateOperatorEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("operators", HandleAsync)
        .WithName("Customers.CreateOperator")
        .WithSummary("Open an account for another operator")
        .Fails(CustomersError.EmailTaken, RequestError.Invalid)
        .ForOperators();

    private static async Task<Results<Created<NewOperator>, Failure>> HandleAsync(
        Request request, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new CreateOperator(AccessTokens.AccountOf(user), request.Email, request.Password, request.Name), cancellationToken))
        .ToHttp(created => TypedResults.Created($"/api/v1/customers/{created.Id}", created));

    internal sealed record Request(string Email, string Password, string Name);
}
