using Microsoft.AspNetCore.Mvc;
using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Features.AdjustStock;

internal static class AdjustStockEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("products/{sku}/stock", HandleAsync)
        .WithName("Catalog.AdjustStock")
        .WithSummary("Record pieces that came in, were found or were lost; answers with the stock as it is then")
        .Fails(CatalogError.ProductNotFound, CatalogError.StockOutOfRange, CatalogError.IdempotencyKeyReused, RequestError.Conflict, RequestError.Invalid)
        .ForOperators();

    private static async Task<Results<Ok<StockLevel>, Failure>> HandleAsync(
        string sku, Request request, IMediator mediator, CancellationToken cancellationToken, [FromHeader(Name = "Idempotency-Key")] string? key = null) =>
        (await mediator.Send(new AdjustStock(sku, request.Quantity, request.Reason, key), cancellationToken)).ToHttp(TypedResults.Ok);

    internal sealed record Request(int Quantity, string Reason);
}
