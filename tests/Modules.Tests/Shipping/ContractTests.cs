namespace Modules.Tests.Shipping;

/// <summary>The contract of the API, in the host; the services' runs are in EndToEnd.Tests.</summary>
[Collection(ShippingCollection.Name)]
public sealed class ContractTests(ShippingShop shop) : ShippingContract(shop)
{
    protected override async Task<BookedOrder> BookedOrderAsync()
    {
        var order = await shop.BookedAsync();
        return new BookedOrder(order.Id, order.CustomerId);
    }
}
