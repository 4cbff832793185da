using Microsoft.AspNetCore.Mvc;
using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Features.ImportProducts;

internal static class ImportProductsEndpoint
{
    private const int MaxBytes = 64 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("products/import", HandleAsync)
        .WithName("Catalog.ImportProducts")
        .WithSummary("Create and update products from a CSV file of up to 64 MB; a second run changes nothing")
        .Accepts<string>("text/csv")
        .WithMetadata(new RequestSizeLimitAttribute(MaxBytes))
        .Fails(CatalogError.ImportHeader, RequestError.Conflict, RequestError.TooLarge, RequestError.UnsupportedMediaType)
        .ForOperators();

    private static async Task<Results<Ok<ImportReport>, Failure>> HandleAsync(HttpRequest request, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ImportProducts(request.Body), cancellationToken)).ToHttp(TypedResults.Ok);
}
