using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Features.ListProducts;

internal static class ListProductsEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("products", HandleAsync)
        .WithName("Catalog.ListProducts")
        .WithSummary("Products on sale: search, filter, sort, page")
        .Fails(CatalogError.CategoryNotFound, RequestError.Cursor, RequestError.Invalid)
        .ForEveryone();

    private static async Task<Results<Ok<Page<ProductRow>>, Failure>> HandleAsync(
        IMediator mediator, CancellationToken cancellationToken, string? search = null, string? category = null, long? minPrice = null, long? maxPrice = null,
        ProductSort sort = ProductSort.Name, string? after = null, int size = Cursor.DefaultSize) =>
        (await mediator.Send(new ListProducts(search, category, minPrice, maxPrice, sort, after, size), cancellationToken)).ToHttp(TypedResults.Ok);
}
