using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Features.CreateProduct;

internal static class CreateProductEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("products", HandleAsync)
        .WithName("Catalog.CreateProduct")
        .WithSummary("Put a new product on sale")
        .Fails(CatalogError.SkuTaken, CatalogError.UnknownCategory, RequestError.Invalid)
        .ForOperators();

    private static async Task<Results<CreatedAtRoute<CreatedProduct>, Failure>> HandleAsync(
        CreateProduct request, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(request, cancellationToken)).ToHttp(created => TypedResults.CreatedAtRoute(created, "Catalog.GetProduct", new { created.Sku }));
}
