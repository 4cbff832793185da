using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Features.CreateCategory;

internal static class CreateCategoryEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("categories", HandleAsync)
        .WithName("Catalog.CreateCategory")
        .WithSummary("Add a category at the top or below another; its path is made of the names and stays")
        .Fails(CatalogError.CategoryExists, CatalogError.UnknownCategory, CatalogError.CategoryTooDeep, RequestError.Invalid)
        .ForOperators();

    private static async Task<Results<CreatedAtRoute<CreatedCategory>, Failure>> HandleAsync(
        CreateCategory request, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(request, cancellationToken)).ToHttp(created => TypedResults.CreatedAtRoute(created, "Catalog.ListProducts", new { category = created.Path }));
}
