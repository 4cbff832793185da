using ModularShop.Modularity.Deployables;

namespace EndToEnd.Tests.Contracts;

/// <summary>Catalog's contract while its endpoints are in a mode and its data has an owner.</summary>
[Collection(MovedShops.Name)]
public abstract class MovedCatalog(MovedShop shop, string mode, Owner owner) : CatalogContract(new ShopInMode(shop, mode, owner)), IAsyncLifetime
{
    public Task InitializeAsync() => shop.MoveAsync(mode, owner);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public Task The_intended_side_answers() => Sides.ShouldAnswerAsync(new ShopInMode(shop, mode, owner), mode, "/api/v1/catalog/categories", "catalog-service");
}

/// <summary>Shipping's contract while its endpoints are in a mode and its data has an owner.</summary>
[Collection(MovedShops.Name)]
public abstract class MovedShipping(MovedShop shop, string mode, Owner owner) : ShippingContract(new ShopInMode(shop, mode, owner)), IAsyncLifetime
{
    public Task InitializeAsync() => shop.MoveAsync(mode, owner);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public Task The_intended_side_answers() => Sides.ShouldAnswerAsync(new ShopInMode(shop, mode, owner), mode, "/api/v1/shipping/rates?country=DE&weightGrams=100", "shipping-service");

    protected override Task<BookedOrder> BookedOrderAsync() => Task.FromResult(shop.Order);
}

internal static class Sides
{
    /// <summary>Forty visitors who have never been here: in the mode Canary some of them get each side.</summary>
    public static async Task ShouldAnswerAsync(IShopClients shop, string mode, string path, string service, bool isForOperators = false)
    {
        var sides = new HashSet<string>(StringComparer.Ordinal);
        using var client = isForOperators ? shop.Operator() : shop.Anonymous();
        for (var i = 0; i < 40; i++)
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
            ((int)response.StatusCode).ShouldBe(200);
            sides.Add(response.AnsweredBy());
        }

        sides.ShouldBe(mode switch { "Service" => [service], "Canary" => ["monolith", service], _ => ["monolith"] }, ignoreOrder: true);
    }
}

// Each mode but the monolith's, which Modules.Tests asks without processes, and each owner; then the others.
public sealed class Catalog_in_Shadow_owned_by_the_monolith(MovedShop shop) : MovedCatalog(shop, "Shadow", Owner.Monolith);

public sealed class Shipping_in_Shadow_owned_by_the_monolith(MovedShop shop) : MovedShipping(shop, "Shadow", Owner.Monolith);

public sealed class Catalog_in_Canary_owned_by_the_service(MovedShop shop) : MovedCatalog(shop, "Canary", Owner.Service);

public sealed class Shipping_in_Canary_owned_by_the_service(MovedShop shop) : MovedShipping(shop, "Canary", Owner.Service);

public sealed class Catalog_in_Service_owned_by_the_service(MovedShop shop) : MovedCatalog(shop, "Service", Owner.Service);

public sealed class Shipping_in_Service_owned_by_the_service(MovedShop shop) : MovedShipping(shop, "Service", Owner.Service);

[Trait(RunOnly.Trait, RunOnly.Long)]
public sealed class Catalog_in_Monolith_owned_by_the_monolith(MovedShop shop) : MovedCatalog(shop, "Monolith", Owner.Monolith);

[Trait(RunOnly.Trait, RunOnly.Long)]
public sealed class Shipping_in_Monolith_owned_by_the_monolith(MovedShop shop) : MovedShipping(shop, "Monolith", Owner.Monolith);

[Trait(RunOnly.Trait, RunOnly.Long)]
public sealed class Catalog_in_Canary_owned_by_the_monolith(MovedShop shop) : MovedCatalog(shop, "Canary", Owner.Monolith);

[Trait(RunOnly.Trait, RunOnly.Long)]
public sealed class Shipping_in_Canary_owned_by_the_monolith(MovedShop shop) : MovedShipping(shop, "Canary", Owner.Monolith);

[Trait(RunOnly.Trait, RunOnly.Long)]
public sealed class Catalog_in_Service_owned_by_the_monolith(MovedShop shop) : MovedCatalog(shop, "Service", Owner.Monolith);

[Trait(RunOnly.Trait, RunOnly.Long)]
public sealed class Shipping_in_Service_owned_by_the_monolith(MovedShop shop) : MovedShipping(shop, "Service", Owner.Monolith);

[Trait(RunOnly.Trait, RunOnly.Long)]
public sealed class Catalog_in_Monolith_owned_by_the_service(MovedShop shop) : MovedCatalog(shop, "Monolith", Owner.Service);

[Trait(RunOnly.Trait, RunOnly.Long)]
public sealed class Shipping_in_Monolith_owned_by_the_service(MovedShop shop) : MovedShipping(shop, "Monolith", Owner.Service);

[Trait(RunOnly.Trait, RunOnly.Long)]
public sealed class Catalog_in_Shadow_owned_by_the_service(MovedShop shop) : MovedCatalog(shop, "Shadow", Owner.Service);

[Trait(RunOnly.Trait, RunOnly.Long)]
public sealed class Shipping_in_Shadow_owned_by_the_service(MovedShop shop) : MovedShipping(shop, "Shadow", Owner.Service);
