using System.Security.Claims;
using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Features.ListProducts;

internal static class ListProductsEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("products", HandleAsync)
        .WithName("Catalog.ListProducts")
        .WithSummary("Products on sale: search, filter, sort, page; for operators also the discontinued ones")
        .Fails(CatalogError.CategoryNotFound, RequestError.Cursor, RequestError.Invalid, RequestError.Forbidden)
        .KeptUntilChanged(CatalogAnswers.Products, CatalogAnswers.Stock, CatalogAnswers.Categories)
        .RequireRateLimiting(RateLimits.Searches)
        .ForEveryone();

    private static async Task<Results<Ok<Page<ProductRow>>, Failure>> HandleAsync(
        IMediator mediator, ClaimsPrincipal user, CancellationToken cancellationToken, string? search = null, string? category = null,
        string? currency = null, long? minPrice = null, long? maxPrice = null, string status = "active",
        string sort = "name", string? after = null, int size = Cursor.DefaultSize) =>
        !status.Equals(nameof(StatusFilter.Active), StringComparison.OrdinalIgnoreCase) && !user.IsInRole(Access.Operator)
            ? new Failure(RequestError.Forbidden.Because("Only operators list products that are not on sale; leave 'status' out."))
            : (await mediator.Send(new ListProducts(search, category, currency, minPrice, maxPrice, status, sort, after, size), cancellationToken))
                .ToHttp(TypedResults.Ok);
}
