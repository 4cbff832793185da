using EndToEnd.Tests.Contracts;
using ModularShop.Modularity.Deployables;

namespace EndToEnd.Tests.Extract;

/// <summary>The contract of Payments, answered by the service that <c>./shop extract</c> made.</summary>
[Collection(ExtractedShops.Name)]
public abstract class ExtractedPayments(ExtractedShop shop, Owner owner) : PaymentsContract(new ShopInMode(shop, "Service", owner)), IAsyncLifetime
{
    public Task InitializeAsync() => shop.MoveAsync("Service", owner);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public Task The_service_answers() => Sides.ShouldAnswerAsync(new ShopInMode(shop, "Service", owner), "Service", "/api/v1/payments/payments", "payments-service", isForOperators: true);

    protected override Task<AuthorisedOrder> AuthorisedOrderAsync() => shop.BuyAsync();
}

/// <summary>The contract of Ordering, answered by the service that <c>./shop extract</c> made.</summary>
[Collection(ExtractedShops.Name)]
public abstract class ExtractedOrdering(ExtractedShop shop, Owner owner) : OrderingContract(new ShopInMode(shop, "Service", owner)), IAsyncLifetime
{
    public Task InitializeAsync() => shop.MoveAsync("Service", owner);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public Task The_service_answers() => Sides.ShouldAnswerAsync(new ShopInMode(shop, "Service", owner), "Service", "/api/v1/ordering/orders/all", "ordering-service", isForOperators: true);
}

/// <summary>The contract of Customers, answered by the service that <c>./shop extract</c> made.</summary>
[Collection(ExtractedShops.Name)]
public abstract class ExtractedCustomers(ExtractedShop shop, Owner owner) : CustomersContract(new ShopInMode(shop, "Service", owner)), IAsyncLifetime
{
    public Task InitializeAsync() => shop.MoveAsync("Service", owner);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public Task The_service_answers() => Sides.ShouldAnswerAsync(new ShopInMode(shop, "Service", owner), "Service", "/api/v1/customers/jwks", "customers-service");
}

[Trait(RunOnly.Trait, RunOnly.Long)]
public sealed class Payments_extracted_and_owned_by_the_monolith(ExtractedShop shop) : ExtractedPayments(shop, Owner.Monolith);

[Trait(RunOnly.Trait, RunOnly.Long)]
public sealed class Ordering_extracted_and_owned_by_the_monolith(ExtractedShop shop) : ExtractedOrdering(shop, Owner.Monolith);

[Trait(RunOnly.Trait, RunOnly.Long)]
public sealed class Customers_extracted_and_owned_by_the_monolith(ExtractedShop shop) : ExtractedCustomers(shop, Owner.Monolith);

public sealed class Payments_extracted_and_owned_by_the_service(ExtractedShop shop) : ExtractedPayments(shop, Owner.Service);

public sealed class Ordering_extracted_and_owned_by_the_service(ExtractedShop shop) : ExtractedOrdering(shop, Owner.Service);

public sealed class Customers_extracted_and_owned_by_the_service(ExtractedShop shop) : ExtractedCustomers(shop, Owner.Service);
