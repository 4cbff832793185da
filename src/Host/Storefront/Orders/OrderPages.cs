using ModularShop.Host.Pages;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Storefront;

/// <summary>What a customer has ordered, and what becomes of it.</summary>
internal static class OrderPages
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>An order is shown without its payment and its parcel rather than late.</summary>
    private static readonly TimeSpan PartPatience = TimeSpan.FromSeconds(2);

    public static void MapOrders(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/orders", ListAsync).WithName("Storefront.Orders").ForCustomers();
        pages.MapGet("/orders/{id:guid}", (Visit visit, Guid id) => ShowAsync(visit, id, problem: null)).WithName("Storefront.Order").ForCustomersAndOperators();
        pages.MapGet("/orders/{id:guid}/live", FollowAsync).WithName("Storefront.FollowOrder").ForCustomersAndOperators();
        pages.MapPost("/orders/{id:guid}/cancel", CancelAsync).WithName("Storefront.CancelOrder").ForCustomersAndOperators();
        pages.MapGet("/orders/{id:guid}/cancel", (Visit visit, Guid id) => visit.Go($"/orders/{id}")).WithName("Storefront.CancelOrderPage").ForEveryone();
    }

    public static async Task<OrderView> ReadAsync(Visit visit, Guid id)
    {
        var order = visit.Api.GetAsync<OrderDetails>(AddressOf(id));
        var history = visit.Api.GetAsync<Listed<HistoryRow>>(AddressOf(id) + "/history");
        var payment = PartAsync<PaymentDetails>(visit, $"/api/v1/payments/payments/{id}");
        var shipment = PartAsync<ShipmentDetails>(visit, $"/api/v1/shipping/shipments/{id}");
        await Task.WhenAll(order, history, payment, shipment);
        return new OrderView((await order).Needed(), (await history).Value?.Items ?? [], await payment, await shipment);
    }

    private static async Task<IResult> ListAsync(Visit visit, string? after = null)
    {
        var orders = (await visit.Api.GetAsync<Listed<OrderRow>>("/api/v1/ordering/orders" + ShopApi.Query(("after", after)))).Needed();
        return visit.Show<OrdersPage, Orders>(new Orders(orders.Items, orders.Next, IsFirst: after is null));
    }

    private static async Task<IResult> ShowAsync(Visit visit, Guid id, ApiProblem? problem) =>
        visit.Show<OrderPage, ShownOrder>(new ShownOrder(await ReadAsync(visit, id), problem), problem?.Status ?? StatusCodes.Status200OK);

    private static Task<IResult> FollowAsync(Visit visit, Guid id, LiveParts live)
    {
        var isOver = false;
        return live.StreamAsync<OrderProgress, OrderView>(visit, async () =>
        {
            if (isOver)
            {
                return null;
            }

            var order = await ReadAsync(visit, id);
            isOver = order.IsFinal;
            return order;
        }, Pace);
    }

    private static async Task<IResult> CancelAsync(Visit visit, Guid id, IFormCollection form)
    {
        var answer = await visit.Api.PostAsync<OrderDetails>(AddressOf(id) + "/cancel");
        if (answer.Problem is { Status: 409 } problem)
        {
            return await ShowAsync(visit, id, problem);
        }

        answer.Needed();
        return visit.Go($"/orders/{id}", "The order is being cancelled.");
    }

    /// <summary>Not there yet, and not to be had, are told apart.</summary>
    private static async Task<Part<T>> PartAsync<T>(Visit visit, string address)
        where T : class
    {
        try
        {
            var answer = await visit.Api.GetAsync<T>(address, PartPatience);
            return new Part<T>(answer.Value, IsUnknown: answer.Problem is not (null or { Status: 404 }));
        }
        catch (TimeoutException)
        {
            return new Part<T>(null, IsUnknown: true);
        }
    }

    private static string AddressOf(Guid id) => $"/api/v1/ordering/orders/{id}";
}

public sealed record Orders(IReadOnlyList<OrderRow> Items, string? Next, bool IsFirst);

/// <param name="Problem">Why it could not be cancelled.</param>
public sealed record ShownOrder(OrderView View, ApiProblem? Problem);

/// <param name="IsUnknown">Its module does not answer at the moment.</param>
public sealed record Part<T>(T? Value, bool IsUnknown);

public sealed record OrderView(OrderDetails Order, IReadOnlyList<HistoryRow> History, Part<PaymentDetails> Payment, Part<ShipmentDetails> Shipment)
{
    /// <summary>Nothing more will happen to it, down to the last line of its history.</summary>
    public bool IsFinal => Order.Status switch
    {
        "completed" => true,
        "rejected" => Order.ReturnedToCartId is not null,
        "cancelled" => Payment.Value is null or { Status: not "authorised", WaitingFor: null },
        _ => false,
    };
}
