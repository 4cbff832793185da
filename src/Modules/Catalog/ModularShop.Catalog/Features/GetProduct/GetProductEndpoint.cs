using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Features.GetProduct;

internal static class GetProductEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("products/{sku}", HandleAsync)
        .WithName("Catalog.GetProduct")
        .WithSummary("A product with its stock")
        .Fails(CatalogError.ProductNotFound)
        .KeptUntilChanged(static address => CatalogAnswers.Product((string)address["sku"]!), CatalogAnswers.Categories)
        .ForEveryone();

    private static async Task<Results<Ok<ProductDetails>, Failure>> HandleAsync(
        string sku, IMediator mediator, HttpResponse response, CancellationToken cancellationToken)
    {
        var found = await mediator.Send(new GetProduct(sku), cancellationToken);
        if (found.Error is null)
        {
            response.Headers.ETag = ProductETag.Of(found.Value.Version);
        }

        return found.ToHttp(TypedResults.Ok);
    }
}
