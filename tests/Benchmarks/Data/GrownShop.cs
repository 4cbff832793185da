using ModularShop.Catalog.Infrastructure;
using ModularShop.MoveTables;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;

namespace Benchmarks.Data;

/// <summary>
/// A shop with a past: customers have bought, parcels have arrived, invoices are written. A small past is lived
/// through, over HTTP; a long one is that past, every row of it multiplied.
/// </summary>
internal sealed class GrownShop : IAsyncDisposable
{
    private const int Customers = 20;
    private const int OrdersOfEach = 5;

    /// <summary>A shop of usual size has ten times what was lived through.</summary>
    private const int UsualSize = 10;

    /// <summary>What a shop has once, however much it sells; and what is not past.</summary>
    private static readonly HashSet<string> Once = new(StringComparer.Ordinal) { "categories", "countries", "rates", "rate_prices", "invoice_numbers", "lease", "outbox", "ownership", "routing" };

    private static readonly TestTokens Tokens = new();

    private GrownShop(TestDatabase database, int times) => (Database, Times) = (database, times);

    public TestDatabase Database { get; }

    /// <summary>How many times the usual size.</summary>
    public int Times { get; }

    public static async Task<GrownShop> MakeAsync(DatabaseProvider engine, int times)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var shop = new GrownShop(await TestDatabase.CreateAsync(engine), times);
        await using (var host = await shop.StartHostAsync(("Shipping:Carrier:Simulate:StepSeconds", "1"), ("Shipping:Jobs:AdvanceShipments", "00:00:00.300")))
        {
            // Nothing measured here ends because something is sold out.
            await using var catalog = shop.Database.Open<CatalogDbContext>();
            var fill = $"UPDATE {MultipliedRows.Name(catalog, "stock")} SET \"OnHand\" = 1000000";
            await catalog.Database.ExecuteSqlRawAsync(fill);
            await shop.LiveAsync(host);
        }

        var rows = 0L;
        foreach (var context in shop.Database.OpenAll())
        {
            await using (context)
            {
                rows += await MultipliedRows.AddAsync(context, (UsualSize * times) - 1, table => !Once.Contains(table));
            }
        }

        Console.WriteLine($"    {engine} at {times}x: {Customers * OrdersOfEach * UsualSize * times:N0} orders, {rows:N0} rows multiplied, after {clock.Elapsed.TotalSeconds:F0} s");
        return shop;
    }

    /// <summary>As in production, but that money and parcels are simulated; no limit but the machine's.</summary>
    public Task<HostProcess> StartHostAsync(params (string Key, string Value)[] settings) => HostProcess.StartAndWaitAsync(Database, "Benchmark", [.. Settings, .. settings]);

    /// <summary>The same, not waited for.</summary>
    public HostProcess BeginHost() => HostProcess.Start(Database, "Benchmark", settings: [.. Settings]);

    public async Task<IReadOnlyList<string>> SkusAsync(int count)
    {
        await using var catalog = Database.Open<CatalogDbContext>();
        // Light enough for every service.
        return await catalog.Products.Where(p => p.WeightGrams <= 2000).OrderBy(p => p.Sku).Select(p => p.Sku).Take(count).ToListAsync();
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    private static IReadOnlyList<(string Key, string Value)> Settings { get; } =
    [
        ("Demo:Catalog", "true"),
        ("Customers:SigningKey", Tokens.Pem),
        ("Customers:Passwords:Iterations", "1000"),
        ("Customers:Tokens:AccessMinutes", "600"),
        ("RateLimits:RequestsPerSecond", "1000000"),
        ("AnswerCache:MaxAgeSeconds", "0"),
        ("RateLimits:CredentialsPerMinute", "1000000"),
        // A checkout that takes too long is given up, rightly; here it must not, however slow the machine is.
        ("Ordering:Checkout:StockTimeoutSeconds", "600"),
        ("Ordering:Checkout:PaymentTimeoutSeconds", "600"),
        ("Ordering:Checkout:ShipmentTimeoutSeconds", "600"),
        ("Ordering:Checkout:ReservationSeconds", "3600"),
    ];

    private async Task LiveAsync(HostProcess host)
    {
        var skus = await SkusAsync(Customers);
        await Task.WhenAll(skus.Select(async sku =>
        {
            var shopper = await Shopper.RegisterAsync(host.Client);
            for (var order = 0; order < OrdersOfEach; order++)
            {
                await shopper.BuyAsync(sku, 1);
            }
        }));
        await using var ordering = Database.Open<OrderingDbContext>();
        await Eventually.TrueAsync(
            async () => await ordering.Orders.CountAsync(o => o.Status == OrderStatus.Completed) == Customers * OrdersOfEach,
            "every order to be delivered, paid and invoiced", TimeSpan.FromMinutes(5));
    }
}
