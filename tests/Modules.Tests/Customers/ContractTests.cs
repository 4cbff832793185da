namespace Modules.Tests.Customers;

/// <summary>The contract of the API, in the host; the services' runs are in EndToEnd.Tests.</summary>
public sealed class ContractTests(CustomersShop shop) : CustomersContract(shop), IClassFixture<CustomersShop>;
