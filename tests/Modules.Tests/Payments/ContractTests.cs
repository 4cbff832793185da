namespace Modules.Tests.Payments;

/// <summary>The contract of the API, in the host; the services' runs are in EndToEnd.Tests.</summary>
[Collection(PaymentsCollection.Name)]
public sealed class ContractTests(PaymentsShop shop) : PaymentsContract(shop)
{
    protected override async Task<AuthorisedOrder> AuthorisedOrderAsync()
    {
        var order = await shop.AuthorisedAsync();
        return new AuthorisedOrder(order.Id, order.CustomerId);
    }
}
