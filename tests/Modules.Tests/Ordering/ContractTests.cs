namespace Modules.Tests.Ordering;

/// <summary>The contract of the API, in the host; the services' runs are in EndToEnd.Tests.</summary>
[Collection(Shop.Name)]
public sealed class ContractTests(ShopFixture shop) : OrderingContract(shop);
