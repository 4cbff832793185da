using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;

namespace EndToEnd.Tests.Extracted;

/// <summary>
/// The host and a Catalog service with a database of its own, and no more of a move than its fences: what is in one database
/// and not in the other shows who wrote it.
/// </summary>
internal sealed class TwoDatabases : IAsyncDisposable
{
    private readonly TestDatabase _monolith;
    private readonly TestDatabase _service;

    private TwoDatabases(TestDatabase monolith, TestDatabase service) => (_monolith, _service) = (monolith, service);

    public Deployment Deployment { get; private set; } = null!;

    public HttpClient Operator { get; private set; } = null!;

    public HttpClient Client => Deployment.Host.Client;

    public Fence Monolith => new(_monolith, "Catalog");

    public Fence Service => new(_service, "Catalog");

    public static async Task<TwoDatabases> StartAsync(DatabaseProvider engine, params (string Endpoint, object Route)[] routes)
    {
        var two = new TwoDatabases(await TestDatabase.FilledAsync(engine), await TestDatabase.CreateAsync(engine));
        (string, string)[] common = [("RateLimits:RequestsPerSecond", "100000"), ("Replicas:MaxLagSeconds", "30")];
        two.Deployment = new Deployment(two._monolith, ["Catalog"], d => d == "Catalog" ? [.. two._service.Settings, ("Service:Data", "Own"), .. common] : common);
        two.Deployment.Route(routes);
        try
        {
            await Task.WhenAll(two.Deployment.Start(Deployable.Monolith).ReadyAsync(), two.Deployment.Start("Catalog").ReadyAsync());
            two.Operator = await two.Deployment.Host.LogInOperatorAsync();
            await using var catalog = two._service.Open<CatalogDbContext>();
            catalog.Add(Category.Create("Kitchen", parent: null).Value);
            await catalog.SaveChangesAsync();
            return two;
        }
        catch
        {
            await two.DisposeAsync();
            throw;
        }
    }

    /// <summary>A product that the service's database has, and the monolith's has not.</summary>
    public async Task<string> AtTheServiceAloneAsync()
    {
        await SwitchAsync();
        await CreateAsync("ONLY-THERE").ShouldBeAsync(201);
        await SwitchBackAsync();
        return "ONLY-THERE";
    }

    /// <summary>From the monolith's database to the service's.</summary>
    public async Task SwitchAsync() => await Service.TakeOverAsync(Owner.Service, await Monolith.GiveAwayAsync(Owner.Service));

    /// <summary>And back.</summary>
    public async Task SwitchBackAsync() => await Monolith.TakeOverAsync(Owner.Monolith, await Service.GiveAwayAsync(Owner.Monolith));

    public Task<HttpResponseMessage> CreateAsync(string sku) => Operator.PostAsJsonAsync(
        new Uri("/api/v1/catalog/products", UriKind.Relative), new { sku, name = sku, category = "kitchen", price = new { amount = 100, currency = "EUR" } });

    public Task<HttpResponseMessage> ChangePriceAsync(string sku, long amount) => Operator.PutAsJsonAsync(
        new Uri($"/api/v1/catalog/products/{sku}/price", UriKind.Relative), new { price = new { amount, currency = "EUR" } });

    public Task<HttpResponseMessage> ReadAsync(HttpClient? client = null) => (client ?? Client).GetAsync(new Uri("/api/v1/catalog/products/KIT-0101", UriKind.Relative));

    /// <summary>The databases that have the product: 1, unless it is written nowhere or twice.</summary>
    public async Task<(int Monolith, int Service)> CountAsync(string sku) => (await CountAsync(_monolith, sku), await CountAsync(_service, sku));

    public async ValueTask DisposeAsync()
    {
        Operator?.Dispose();
        await Deployment.DisposeAsync();
        await _service.DisposeAsync();
        await _monolith.DisposeAsync();
    }

    private static async Task<int> CountAsync(TestDatabase database, string sku)
    {
        await using var catalog = database.Open<CatalogDbContext>();
        return await catalog.Set<Product>().CountAsync(p => p.Sku == sku);
    }
}
