namespace ModularShop.Customers.Features.LogOut;

internal static class LogOutEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("logout", HandleAsync)
        .WithName("Customers.LogOut")
        .WithSummary("End the session of a refresh token; doing it twice is no error")
        .Fails(RequestError.Invalid)
        .ForEveryone();

    private static async Task<Results<NoContent, Failure>> HandleAsync(Request request, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new LogOut(request.RefreshToken), cancellationToken)).ToHttp();

    internal sealed record Request(string RefreshToken);
}
