using System.Globalization;
using System.Text.Json.Nodes;

namespace ModularShop.Cli.Rehearse;

/// <summary>What clients do with a module while it moves, and which of its tables grow as a shop lives.</summary>
/// <param name="OpenAsync">Makes the accounts; at least one, or the module cannot be watched.</param>
internal sealed record Workload(string Module, IReadOnlyList<string> Tables, Func<Shoppers, CancellationToken, Task<IReadOnlyList<Account>>> OpenAsync)
{
    private const int Clients = 10;

    private static readonly IReadOnlyList<Workload> All =
    [
        new("Catalog", ["products", "product_attributes", "stock", "stock_movements", "reservations", "reservation_lines"], CatalogAsync),
        new("Ordering", ["orders", "order_lines", "order_summaries", "order_history", "checkouts", "checkouts_steps"], OrderingAsync),
        new("Payments", ["payments", "payment_events", "invoices"], PaymentsAsync),
        new("Shipping", ["shipments", "tracking_events"], ShippingAsync),
        new("Customers", ["accounts", "addresses"], CustomersAsync),
    ];

    /// <exception cref="CommandFailure">It is not known what clients do with the module.</exception>
    public static Workload Of(string module) => All.FirstOrDefault(w => w.Module == module)
        ?? throw CommandFailure.Refused($"What clients do with {module} is not known, so its extraction cannot be rehearsed: say it in src/Cli/Rehearse/Workload.cs, as it is said of {string.Join(", ", All.Select(w => w.Module))}.");

    private static async Task<IReadOnlyList<Account>> CatalogAsync(Shoppers shop, CancellationToken cancellationToken)
    {
        var accounts = new List<Account>();
        foreach (var sku in (await shop.SkusAsync(Clients + Shoppers.Sold, cancellationToken)).Skip(Shoppers.Sold))
        {
            var (product, stock) = ($"catalog/products/{sku}", $"catalog/products/{sku}/stock");
            accounts.Add(shop.Register($"the price of {sku}", price => shop.Put($"{product}/price", new { price = new { amount = price, currency = "EUR" } }), shop.Get(product), a => Amount(a["price"])));
            accounts.Add(await shop.CounterAsync(
                $"the stock of {sku}", key => shop.Post(stock, new { quantity = 1, reason = "came in" }, key), shop.Get(stock), a => a["onHand"]?.GetValue<long>(), cancellationToken));
        }

        return accounts;
    }

    private static async Task<IReadOnlyList<Account>> OrderingAsync(Shoppers shop, CancellationToken cancellationToken)
    {
        const int MostPieces = 900;
        var accounts = new List<Account>();
        var skus = await shop.SkusAsync(Clients, cancellationToken);
        foreach (var sku in skus)
        {
            if ((await shop.Caller.AskAsync(new Request(HttpMethod.Post, "ordering/carts"), cancellationToken))?["id"]?.GetValue<string>() is { } cart)
            {
                accounts.Add(shop.Register(
                    $"the pieces of {sku} in the cart {cart}", pieces => new Request(HttpMethod.Put, $"ordering/carts/{cart}/lines/{sku}", new { quantity = pieces }), Request.Get($"ordering/carts/{cart}"),
                    a => a["lines"]?.AsArray().FirstOrDefault()?["quantity"]?.GetValue<long>(), MostPieces));
            }
        }

        return accounts;
    }

    /// <summary>Money that was taken goes back, a cent at a time.</summary>
    private static async Task<IReadOnlyList<Account>> PaymentsAsync(Shoppers shop, CancellationToken cancellationToken)
    {
        var accounts = new List<Account>();
        foreach (var order in await shop.CompletedAsync(Clients, cancellationToken))
        {
            accounts.Add(await shop.CounterAsync(
                $"what order {order} got back", key => shop.Post($"payments/payments/{order}/refund", new { amount = new { amount = 1, currency = "EUR" }, reason = "a cent" }, key),
                shop.Get($"payments/payments/{order}"), a => Amount(a["refunded"]), cancellationToken, isSoon: true));
        }

        return accounts;
    }

    private static async Task<IReadOnlyList<Account>> ShippingAsync(Shoppers shop, CancellationToken cancellationToken)
    {
        const string Table = "shipping/rates/table?zone=world&size=100";
        var rates = (await shop.Caller.AskAsync(shop.Get(Table), cancellationToken))?["items"]?.AsArray() ?? [];
        return
        [
            .. rates.Take(Clients).Select(r => (Service: r!["service"]!.GetValue<string>(), Band: r["band"]!.GetValue<long>())).Select(rate => shop.Register(
                string.Create(CultureInfo.InvariantCulture, $"the rate world/{rate.Service}/{rate.Band}"),
                price => shop.Put(string.Create(CultureInfo.InvariantCulture, $"shipping/rates/world/{rate.Service}/{rate.Band}"), new { price = new { amount = price, currency = "EUR" } }), shop.Get(Table),
                a => a["items"]?.AsArray().Where(r => r!["service"]!.GetValue<string>() == rate.Service && r["band"]!.GetValue<long>() == rate.Band)
                    .SelectMany(r => r!["prices"]!.AsArray()).Where(p => p!["currency"]!.GetValue<string>() == "EUR").Select(Amount).FirstOrDefault())),
        ];
    }

    private static async Task<IReadOnlyList<Account>> CustomersAsync(Shoppers shop, CancellationToken cancellationToken)
    {
        var accounts = new List<Account>();
        for (var i = 0; i < Clients; i++)
        {
            if (await Customer.RegisterAsync(shop.Caller, cancellationToken) is { } customer)
            {
                accounts.Add(shop.Register(
                    $"the name of customer {i + 1}", name => new Request(HttpMethod.Put, "customers/me", new { name = name.ToString(CultureInfo.InvariantCulture) }, customer.Token),
                    Request.Get("customers/me", customer.Token), a => long.TryParse(a["name"]?.GetValue<string>(), CultureInfo.InvariantCulture, out var name) ? name : null));
                accounts.Add(new Newcomers($"registration {i + 1}", shop.Caller, shop.Recorder));
            }
        }

        return accounts;
    }

    private static long? Amount(JsonNode? money) => money?["amount"]?.GetValue<long>();
}

/// <summary>People who register and must be able to log in from then on.</summary>
internal sealed class Newcomers(string name, Caller caller, Recorder recorder) : Account(name, caller, recorder)
{
    private readonly List<Customer> _registered = [];

    public override async Task TurnAsync(CancellationToken cancellationToken)
    {
        if (await Customer.RegisterAsync(Caller, cancellationToken) is { } customer)
        {
            _registered.Add(customer);
        }
    }

    public override async Task CloseAsync(CancellationToken cancellationToken)
    {
        foreach (var customer in _registered)
        {
            if (await customer.LogInAsync(cancellationToken) is null)
            {
                Violated(Violation.Lost, "somebody who registered cannot log in");
            }
        }
    }
}
