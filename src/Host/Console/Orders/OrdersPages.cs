using ModularShop.Host.Pages;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Console;

/// <summary>Orders, and how each checkout went.</summary>
internal static class OrdersPages
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    public static void MapOrders(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("orders", async (Visit visit, string? status, string? after) =>
        {
            var model = await OrdersModel.ReadAsync(visit.Api, status, after);
            return visit.Show<OrdersPage, OrdersModel>(model, model.Problem?.Status ?? StatusCodes.Status200OK);
        }).WithName("Console.Orders").ForOperators();
        pages.MapGet("orders/live", (Visit visit, LiveParts live, string? status, string? after) =>
            live.StreamAsync<OrdersPart, OrdersModel>(visit, async () => await OrdersModel.ReadAsync(visit.Api, status, after), Pace)).WithName("Console.OrdersLive").ForOperators();
        pages.MapGet("orders/{id:guid}", async (Visit visit, Guid id) => visit.Show<OrderPage, OrderModel>(await OrderModel.ReadAsync(visit.Api, id)))
            .WithName("Console.Order").ForOperators();
        pages.MapGet("orders/{id:guid}/live", (Visit visit, LiveParts live, Guid id) => live.StreamAsync<OrderPart, OrderModel>(visit, async () => await OrderModel.ReadAsync(visit.Api, id), Pace))
            .WithName("Console.OrderLive").ForOperators();
    }
}
