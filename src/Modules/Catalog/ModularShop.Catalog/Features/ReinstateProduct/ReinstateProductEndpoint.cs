using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Features.ReinstateProduct;

internal static class ReinstateProductEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("products/{sku}/reinstate", HandleAsync)
        .WithName("Catalog.ReinstateProduct")
        .WithSummary("Sell a discontinued product again; doing it twice does no harm")
        .Fails(CatalogError.ProductNotFound, RequestError.Conflict)
        .ForOperators();

    private static async Task<Results<NoContent, Failure>> HandleAsync(string sku, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ReinstateProduct(sku), cancellationToken)).ToHttp();
}
