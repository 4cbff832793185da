using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Features.RenameCategory;

internal static class RenameCategoryEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPut("categories/{**path}", HandleAsync)
        .WithName("Catalog.RenameCategory")
        .WithSummary("Give a category another name; its path stays")
        .Fails(CatalogError.CategoryNotFound, RequestError.Conflict, RequestError.Invalid)
        .ForOperators();

    private static async Task<Results<NoContent, Failure>> HandleAsync(string path, Request request, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new RenameCategory(path, request.Name), cancellationToken)).ToHttp();

    internal sealed record Request(string Name);
}
