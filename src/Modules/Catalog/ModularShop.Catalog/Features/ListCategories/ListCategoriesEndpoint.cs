namespace ModularShop.Catalog.Features.ListCategories;

internal static class ListCategoriesEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("categories", HandleAsync)
        .WithName("Catalog.ListCategories")
        .WithSummary("The category tree, with the number of products on sale")
        .KeptUntilChanged(CatalogAnswers.Products, CatalogAnswers.Categories)
        .ForEveryone();

    private static async Task<Results<Ok<CategoryTree>, Failure>> HandleAsync(IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ListCategories(), cancellationToken)).ToHttp(TypedResults.Ok);
}
