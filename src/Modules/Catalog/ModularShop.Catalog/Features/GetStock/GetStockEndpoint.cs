using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Features.GetStock;

internal static class GetStockEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("products/{sku}/stock", HandleAsync)
        .WithName("Catalog.GetStock")
        .WithSummary("What is on hand, reserved and available of a product, and its last movements")
        .Fails(CatalogError.ProductNotFound)
        .ForOperators();

    private static async Task<Results<Ok<StockDetails>, Failure>> HandleAsync(string sku, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetStock(sku), cancellationToken)).ToHttp(TypedResults.Ok);
}
