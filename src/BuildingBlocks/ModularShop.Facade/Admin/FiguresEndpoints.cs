using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Security;

namespace ModularShop.Facade;

/// <summary>The operator's API to how much the endpoints are asked for; asking is what makes them measured.</summary>
internal static class FiguresEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/routes").WithTags("Routes").ForOperators();
        group.MapGet("figures", (RouteFigures figures) => TypedResults.Ok(figures.Show()))
            .WithName("Routes.Figures").WithSummary("Requests, errors and latencies of each endpoint, the monolith beside the service");
        group.MapGet("{endpoint}/figures", Show).WithName("Routes.EndpointFigures").WithSummary("Requests, errors and latencies of an endpoint in the last two minutes")
            .Fails(RoutesError.UnknownEndpoint);
    }

    private static Results<Ok<EndpointFiguresView>, Failure> Show(string endpoint, EndpointInventory inventory, RouteFigures figures) =>
        inventory.ByName.TryGetValue(endpoint, out var found) ? TypedResults.Ok(figures.Show(found)) : new Failure(RoutesEndpoints.Unknown(endpoint));
}
