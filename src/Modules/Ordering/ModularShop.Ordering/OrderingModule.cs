using ModularShop.Catalog.Contracts;
using ModularShop.Customers.Contracts;
using ModularShop.Ordering.Contracts;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Features.CancelOrder;
using ModularShop.Ordering.Features.CheckOutCart;
using ModularShop.Ordering.Features.CreateCart;
using ModularShop.Ordering.Features.GetCart;
using ModularShop.Ordering.Features.GetCheckout;
using ModularShop.Ordering.Features.GetMyCart;
using ModularShop.Ordering.Features.GetOrder;
using ModularShop.Ordering.Features.GetOrderHistory;
using ModularShop.Ordering.Features.ListAllOrders;
using ModularShop.Ordering.Features.ListOrders;
using ModularShop.Ordering.Features.ListShippingRates;
using ModularShop.Ordering.Features.RemoveAbandonedCarts;
using ModularShop.Ordering.Features.RemoveCartLine;
using ModularShop.Ordering.Features.SetCartAddress;
using ModularShop.Ordering.Features.SetCartLine;
using ModularShop.Ordering.Infrastructure;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Ordering;

/// <summary>Carts, checkout and orders.</summary>
public sealed class OrderingModule : IModule
{
    public string Name => "Ordering";

    public void AddServices(ModuleBuilder module)
    {
        module.AddDatabase<OrderingDbContext>().AddMessaging<OrderingDbContext>();
        module.AddOptions<CheckoutOptions>(
            "Checkout",
            (o => o.StockTimeoutSeconds is >= 1 and <= 3600, "StockTimeoutSeconds must be 1 to 3600."),
            (o => o.PaymentTimeoutSeconds is >= 1 and <= 3600, "PaymentTimeoutSeconds must be 1 to 3600."),
            (o => o.ShipmentTimeoutSeconds is >= 1 and <= 3600, "ShipmentTimeoutSeconds must be 1 to 3600."),
            (o => o.ReservationSeconds <= 86_400 && o.ReservationSeconds > o.StockTimeoutSeconds + o.PaymentTimeoutSeconds + o.ShipmentTimeoutSeconds,
                "ReservationSeconds must be more than the three timeouts together and at most 86400, or stock lapses while a checkout still runs."));
        module.AddOptions<CartOptions>("Carts", (o => o.AbandonedAfterDays is >= 1 and <= 3650, "AbandonedAfterDays must be 1 to 3650."));
        module.AddRecurringJob<RemoveAbandonedCarts>("RemoveAbandonedCarts", TimeSpan.FromHours(1));
        module.AddApi<IOrderingApi, OrderingApi>();
        module.UseApi<ICatalogApi>().UseApi<ICustomersApi>().UseApi<IShippingApi>();
    }

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
        CreateCartEndpoint.Map(api);
        GetMyCartEndpoint.Map(api);
        GetCartEndpoint.Map(api);
        SetCartLineEndpoint.Map(api);
        RemoveCartLineEndpoint.Map(api);
        SetCartAddressEndpoint.Map(api);
        ListShippingRatesEndpoint.Map(api);
        CheckOutCartEndpoint.Map(api);
        ListOrdersEndpoint.Map(api);
        ListAllOrdersEndpoint.Map(api);
        GetOrderEndpoint.Map(api);
        GetOrderHistoryEndpoint.Map(api);
        GetCheckoutEndpoint.Map(api);
        CancelOrderEndpoint.Map(api);
    }
}
