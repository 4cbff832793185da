using System.Diagnostics;
using System.Globalization;
using Benchmarks.Data;
using ModularShop.Ordering.Infrastructure;

namespace Benchmarks.Checkouts;

/// <summary>Cart → checkout → stock reserved, payment authorised, shipment booked, order confirmed: in shops of two sizes, in turns.</summary>
internal static class CheckoutBenchmark
{
    private const int Rounds = 3;
    private const int WarmUp = 300;
    private const int Checkouts = 300;

    public static Table Table() => new(
        "Checkouts",
        "Customers with carts until the saga has confirmed their orders, 16 at a time; cost is CPU per confirmed checkout, of the host and of the PostgreSQL processes that serve it. Rounds of both sizes take turns.",
        ["engine", "data", "confirmed", "host CPU", "PostgreSQL CPU", "cost", "to 1x"]);

    public static async Task<IReadOnlyList<string[]>> RunAsync(IReadOnlyList<GrownShop> shops)
    {
        var counters = new List<Counter>();
        try
        {
            foreach (var shop in shops)
            {
                counters.Add(await Counter.OpenAsync(shop));
            }

            var costs = counters.ToDictionary(c => c, _ => new List<Cost>());
            for (var round = -1; round < Rounds; round++)
            {
                foreach (var counter in counters)
                {
                    var cost = await counter.CheckOutAsync(round < 0 ? WarmUp : Checkouts);
                    Console.WriteLine(Text($"    {counter.Shop.Database.Options.Provider} at {counter.Shop.Times}x{(round < 0 ? ", warming up" : "")}: {cost.PerSecond:F0}/s, {cost.Host:F2} + {cost.Server:F2} ms"));
                    if (round >= 0)
                    {
                        costs[counter].Add(cost);
                    }
                }
            }

            var usual = costs[counters[0]].Select(c => c.Host + c.Server).Median();
            return [.. counters.Select(c => Row(c.Shop, costs[c], usual))];
        }
        finally
        {
            foreach (var counter in counters)
            {
                await counter.DisposeAsync();
            }
        }
    }

    private static string[] Row(GrownShop shop, IReadOnlyList<Cost> costs, double usual)
    {
        var all = costs.Select(c => c.Host + c.Server).Median();
        return
        [
            $"{shop.Database.Options.Provider}", $"{shop.Times}x", Text($"{costs.Select(c => c.PerSecond).Median():F0}/s"), Text($"{costs.Select(c => c.Host).Median():F1} ms"),
            shop.Database.ConnectionString is null ? "" : Text($"{costs.Select(c => c.Server).Median():F1} ms"), Text($"{all:F1} ms"), Text($"{all / usual:F2}"),
        ];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <param name="Host">Milliseconds of the host's processor per checkout.</param>
    /// <param name="Server">The same of the database server's.</param>
    private sealed record Cost(double PerSecond, double Host, double Server);

    /// <summary>A shop that is open, and the customers in it.</summary>
    private sealed class Counter(GrownShop shop, HostProcess host, IReadOnlyList<Shopper> shoppers, IReadOnlyList<string> skus) : IAsyncDisposable
    {
        private const int Customers = 16;
        private int _next;

        public GrownShop Shop => shop;

        public static async Task<Counter> OpenAsync(GrownShop shop)
        {
            // What has been bought stays at the carrier's: deliveries are no part of a checkout.
            var host = await shop.StartHostAsync(("Shipping:Carrier:Simulate:StepSeconds", "3600"));
            var shoppers = await Task.WhenAll(Enumerable.Range(0, Customers).Select(_ => Shopper.RegisterAsync(host.Client)));
            return new Counter(shop, host, shoppers, await shop.SkusAsync(100));
        }

        public async Task<Cost> CheckOutAsync(int count)
        {
            var scanned = await SequentialScans.RowsAsync(shop.Database);
            var (server, process) = (await Processor.TimesOfServerAsync(shop.Database), Processor.Time(host.Id));
            var clock = Stopwatch.StartNew();
            var orders = (await Task.WhenAll(shoppers.Select(s => BuyAsync(s, count / Customers)))).SelectMany(o => o).ToList();
            await ConfirmedAsync(orders);
            var perSecond = orders.Count / clock.Elapsed.TotalSeconds;
            var took = Processor.Time(host.Id) - process;
            var serverTook = (await Processor.TimesOfServerAsync(shop.Database)).Since(server);
            if (SequentialScans.Most(scanned, await SequentialScans.RowsAsync(shop.Database), orders.Count) is { Length: > 0 } most)
            {
                Console.WriteLine($"    rows read without an index, per checkout: {most}");
            }

            return new Cost(perSecond, took.TotalMilliseconds / orders.Count, serverTook.TotalMilliseconds / orders.Count);
        }

        public ValueTask DisposeAsync() => host.DisposeAsync();

        private async Task<List<Guid>> BuyAsync(Shopper shopper, int count)
        {
            var orders = new List<Guid>();
            while (orders.Count < count)
            {
                orders.Add(await shopper.BuyAsync(skus[Interlocked.Increment(ref _next) % skus.Count], 1));
            }

            return orders;
        }

        private async Task ConfirmedAsync(List<Guid> orders)
        {
            await using var ordering = shop.Database.Open<OrderingDbContext>();
            if (shop.Database.ConnectionString is { } server)
            {
                ordering.Database.SetConnectionString($"{server};Application Name={Processor.Observer}");
            }

            var waiting = new List<Guid>(orders);
            await Eventually.TrueAsync(
                async () =>
                {
                    // By their keys: what is asked must not cost more in a larger shop.
                    var confirmed = await ordering.Orders.Where(o => waiting.Contains(o.Id) && o.ConfirmedAt != null).Select(o => o.Id).ToListAsync();
                    waiting.RemoveAll(confirmed.Contains);
                    return waiting is [];
                },
                $"{orders.Count} orders to be confirmed",
                TimeSpan.FromMinutes(2));
        }
    }
}
