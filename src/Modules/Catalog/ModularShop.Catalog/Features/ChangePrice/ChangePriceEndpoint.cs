using Microsoft.AspNetCore.Mvc;
using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Features.ChangePrice;

internal static class ChangePriceEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPut("products/{sku}/price", HandleAsync)
        .WithName("Catalog.ChangePrice")
        .WithSummary("Give a product a new price")
        .Fails(CatalogError.ProductNotFound, CatalogError.ProductDiscontinued, CatalogError.ProductChanged, CatalogError.CurrencyChanged, RequestError.Conflict, RequestError.Invalid)
        .ForOperators();

    private static async Task<Results<NoContent, Failure>> HandleAsync(
        string sku, Request request, IMediator mediator, CancellationToken cancellationToken, [FromHeader(Name = "If-Match")] string? ifMatch = null) =>
        (await mediator.Send(new ChangePrice(sku, request.Price, ifMatch), cancellationToken)).ToHttp();

    internal sealed record Request(Money Price);
}
