using Microsoft.AspNetCore.Mvc;
using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Features.EditProduct;

internal static class EditProductEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPut("products/{sku}", HandleAsync)
        .WithName("Catalog.EditProduct")
        .WithSummary("Replace what a product says of itself, attributes included; price and stock have addresses of their own")
        .Fails(CatalogError.ProductNotFound, CatalogError.ProductChanged, CatalogError.UnknownCategory, RequestError.Conflict, RequestError.Invalid)
        .ForOperators();

    private static async Task<Results<NoContent, Failure>> HandleAsync(
        string sku, Request request, IMediator mediator, CancellationToken cancellationToken, [FromHeader(Name = "If-Match")] string? ifMatch = null) =>
        (await mediator.Send(
            new EditProduct(sku, request.Name, request.Description, request.Brand, request.Category, request.WeightGrams, request.Attributes, ifMatch),
            cancellationToken)).ToHttp();

    internal sealed record Request(
        string Name, string Description, string Brand, string Category, int WeightGrams, IReadOnlyDictionary<string, string> Attributes);
}
