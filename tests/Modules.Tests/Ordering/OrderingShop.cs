using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ModularShop.Catalog.Contracts;
using ModularShop.Contracts;
using ModularShop.Customers.Contracts;
using ModularShop.Messaging;
using ModularShop.Shipping.Contracts;

namespace Modules.Tests.Ordering;

/// <summary>
/// A shop in which Ordering is alone: the other modules' answers come from the tests, and what it sends them goes no
/// further than <see cref="ShopMessages.Published{T}"/>.
/// </summary>
public class OrderingShop : ShopFixture
{
    internal FakeCatalog Catalog { get; } = new();

    internal FakeShipping Shipping { get; } = new();

    internal FakeCustomers Customers { get; } = new();

    protected override void ConfigureServices(IServiceCollection services)
    {
        services.Replace(ServiceDescriptor.Scoped<ICatalogApi>(_ => Catalog));
        services.Replace(ServiceDescriptor.Scoped<IShippingApi>(_ => Shipping));
        services.Replace(ServiceDescriptor.Scoped<ICustomersApi>(_ => Customers));
        services.Replace(ServiceDescriptor.Singleton<IMessageTransport>(p => new OnlyToOrdering(ActivatorUtilities.CreateInstance<InProcessTransport>(p))));
    }

    private sealed class OnlyToOrdering(IMessageTransport inner) : IMessageTransport
    {
        public Task DeliverAsync(string subscriber, IReadOnlyList<Envelope> messages, CancellationToken cancellationToken) =>
            subscriber == "Ordering" ? inner.DeliverAsync(subscriber, messages, cancellationToken) : Task.CompletedTask;
    }
}

/// <summary>One shop for the suites that leave the clock alone.</summary>
[CollectionDefinition(Name)]
public sealed class OrderingCollection : ICollectionFixture<OrderingShop>
{
    public const string Name = "ordering";
}

internal sealed class FakeCatalog : ICatalogApi
{
    private readonly ConcurrentDictionary<string, ProductSnapshot> _products = new(StringComparer.Ordinal);

    /// <summary>A product of its own for every test that asks.</summary>
    public string Sells(long price, string currency = "EUR", int weight = 500, string name = "Kettle")
    {
        var sku = $"K{Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6))}";
        _products[sku] = new ProductSnapshot(sku, name, new Money(price, currency), weight, IsActive: true, Available: 1000);
        return sku;
    }

    public void Reprices(string sku, long price) => _products[sku] = _products[sku] with { Price = _products[sku].Price with { Amount = price } };

    public void Discontinues(string sku) => _products[sku] = _products[sku] with { IsActive = false };

    public Task<IReadOnlyList<ProductSnapshot>> GetProductsAsync(IReadOnlyCollection<string> skus, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ProductSnapshot>>([.. skus.Where(_products.ContainsKey).Select(s => _products[s])]);
}

/// <summary>Standard for 4.90 and express for 12.90, everywhere but to Antarctica.</summary>
internal sealed class FakeShipping : IShippingApi
{
    public Task<IReadOnlyList<ShippingRate>> QuoteAsync(string country, int weightGrams, string currency, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ShippingRate>>(country == "AQ" ? [] :
        [
            new ShippingRate("standard", "Standard", new Money(490, currency), 2, 4),
            new ShippingRate("express", "Express", new Money(1290, currency), 1, 1),
        ]);

    public Task<IReadOnlyList<ShippingRate>> EstimateAsync(string country, int weightGrams, string currency, CancellationToken cancellationToken) =>
        QuoteAsync(country, weightGrams, currency, cancellationToken);

    public Task<ShipmentSummary?> GetShipmentOfOrderAsync(Guid orderId, CancellationToken cancellationToken) => Task.FromResult<ShipmentSummary?>(null);
}

internal sealed class FakeCustomers : ICustomersApi
{
    private readonly ConcurrentDictionary<(Guid, Guid), PostalAddress> _addresses = new();

    public Guid Has(Guid customerId, PostalAddress address)
    {
        var id = Guid.CreateVersion7();
        _addresses[(customerId, id)] = address;
        return id;
    }

    public Task<PostalAddress?> GetAddressAsync(Guid customerId, Guid addressId, CancellationToken cancellationToken) =>
        Task.FromResult(_addresses.GetValueOrDefault((customerId, addressId)));
}

internal static class OrderingMessages
{
    /// <summary>Names of the messages of one subject, in its order.</summary>
    public static IEnumerable<string> PublishedOn(this ShopFixture shop, string subject) =>
        shop.Services.GetRequiredService<PublishedMessages>().All.Where(e => e.Subject == subject).OrderBy(e => e.Sequence).Select(e => e.Type.Split('.')[1]);
}
