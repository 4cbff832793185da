using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Features.DiscontinueProduct;

internal static class DiscontinueProductEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("products/{sku}/discontinue", HandleAsync)
        .WithName("Catalog.DiscontinueProduct")
        .WithSummary("Sell a product no more; doing it twice does no harm")
        .Fails(CatalogError.ProductNotFound, RequestError.Conflict)
        .ForOperators();

    private static async Task<Results<NoContent, Failure>> HandleAsync(string sku, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new DiscontinueProduct(sku), cancellationToken)).ToHttp();
}
