using System.Text.Json.Nodes;

namespace ModularShop.Cli.Rehearse;

/// <summary>The people of a rehearsal: an operator, and customers who buy through all five modules; and what must be true of their orders.</summary>
internal sealed class Shoppers : IDisposable
{
    /// <summary>Products that only the customers touch: what is left of them says how many were sold.</summary>
    public const int Sold = 3;

    private const int Plenty = 100_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly List<(Customer Customer, string Sku, long OnHand)> _customers = [];
    private string? _token;

    public Shoppers(Uri address, Recorder recorder) => (Caller, Recorder) = (new Caller(address, recorder), recorder);

    public Caller Caller { get; }

    public Recorder Recorder { get; }

    /// <summary>Orders that the shop confirmed.</summary>
    public int Orders => _customers.Sum(c => c.Customer.Orders.Count);

    public IEnumerable<Func<CancellationToken, Task>> Turns => _customers.Select(c => (Func<CancellationToken, Task>)(token => c.Customer.BuyAsync(c.Sku, token)));

    /// <exception cref="CommandFailure">The shop does not sell.</exception>
    public async Task ComeAsync(CancellationToken cancellationToken)
    {
        _token = await Customer.LogInAsync(Caller, Stage.Operator, Stage.Password, cancellationToken) ?? throw Unfit();
        foreach (var sku in await SkusAsync(Sold, cancellationToken))
        {
            var onHand = await Caller.AskAsync(Post($"catalog/products/{sku}/stock", new { quantity = Plenty, reason = "for the rehearsal" }, $"{Guid.CreateVersion7()}"), cancellationToken);
            var customer = await Customer.RegisterAsync(Caller, cancellationToken);
            _customers.Add((customer ?? throw Unfit(), sku, onHand?["onHand"]?.GetValue<long>() ?? throw Unfit()));
        }
    }

    public Request Get(string path) => Request.Get(path, _token);

    public Request Put(string path, object body) => new(HttpMethod.Put, path, body, _token);

    public Request Post(string path, object? body, string? key = null) => new(HttpMethod.Post, path, body, _token, key);

    public Register Register(string name, Func<long, Request> write, Request read, Func<JsonNode, long?> valueOf, long most = long.MaxValue) => new(name, Caller, Recorder, write, read, valueOf, most);

    public async Task<Counter> CounterAsync(string name, Func<string, Request> write, Request read, Func<JsonNode, long?> valueOf, CancellationToken cancellationToken, bool isSoon = false) =>
        new(name, Caller, Recorder, write, read, valueOf, (await Caller.AskAsync(read, cancellationToken) is { } answer ? valueOf(answer) : null) ?? throw Unfit(), isSoon);

    /// <summary>Light products, in an order that stays.</summary>
    public async Task<IReadOnlyList<string>> SkusAsync(int count, CancellationToken cancellationToken) =>
        [.. ((await Caller.AskAsync(Request.Get($"catalog/products?category=kitchen&size={count}"), cancellationToken))?["items"]?.AsArray() ?? throw Unfit()).Select(p => p!["sku"]!.GetValue<string>())];

    /// <summary>Orders that have come to their end, made for this.</summary>
    public async Task<IReadOnlyList<string>> CompletedAsync(int count, CancellationToken cancellationToken)
    {
        var before = _customers.ToDictionary(c => c.Customer, c => c.Customer.Orders.Count);
        for (var i = 0; i < count; i++)
        {
            await _customers[i % Sold].Customer.BuyAsync(_customers[i % Sold].Sku, cancellationToken);
        }

        List<string> made = [.. _customers.SelectMany(c => c.Customer.Orders.Skip(before[c.Customer]))];
        foreach (var order in made)
        {
            await EndedAsync(order, cancellationToken);
        }

        return made;
    }

    /// <summary>Every order against its payment, its parcel, its invoice and the stock.</summary>
    public async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        foreach (var (customer, sku, onHand) in _customers)
        {
            foreach (var order in customer.Orders)
            {
                await ReconcileAsync(order, cancellationToken);
            }

            var listed = await CountAsync(customer, cancellationToken);
            if (listed != customer.Orders.Count)
            {
                Recorder.Violated(listed > customer.Orders.Count ? Violation.Doubled : Violation.Lost, $"a customer was told of {customer.Orders.Count} orders, and the shop has {listed} of theirs");
            }

            var left = (await Caller.AskAsync(Get($"catalog/products/{sku}/stock"), cancellationToken))?["onHand"]?.GetValue<long>();
            if (left != onHand - customer.Orders.Count)
            {
                Recorder.Violated(left < onHand - customer.Orders.Count ? Violation.Doubled : Violation.Lost, $"of {onHand} {sku} {customer.Orders.Count} were sold, and {left} are left");
            }
        }
    }

    public void Dispose() => Caller.Dispose();

    private static CommandFailure Unfit() => CommandFailure.Refused("The shop of the rehearsal does not sell as it should: host.log beside the report says why.");

    private async Task ReconcileAsync(string order, CancellationToken cancellationToken)
    {
        var status = await EndedAsync(order, cancellationToken);
        if (status != "completed")
        {
            Recorder.Violated(Violation.Lost, $"order {order} has not come to its end: it is {status}");
            return;
        }

        var payment = await Caller.AskAsync(Get($"payments/payments/{order}"), cancellationToken);
        var (asked, taken) = (payment?["amount"]?["amount"]?.GetValue<long>(), payment?["captured"]?["amount"]?.GetValue<long>());
        if (asked is null || asked != taken || payment?["invoiceNumber"] is null)
        {
            Recorder.Violated(taken > asked ? Violation.Doubled : Violation.Lost, $"order {order} costs {asked}, {taken} were taken, and its invoice is {payment?["invoiceNumber"]?.ToString() ?? "missing"}");
        }

        var parcel = (await Caller.AskAsync(Get($"shipping/shipments/{order}"), cancellationToken))?["status"]?.GetValue<string>();
        if (parcel != "delivered")
        {
            Recorder.Violated(Violation.Lost, $"order {order} is completed, and its parcel is {parcel ?? "missing"}");
        }
    }

    private async Task<string> EndedAsync(string order, CancellationToken cancellationToken)
    {
        for (var until = Recorder.Now + Patience; ; await Task.Delay(Pause, cancellationToken))
        {
            var (_, text) = await Caller.TellAsync(Get($"ordering/orders/{order}"), Patience, cancellationToken);
            var status = Caller.Read(text)?["status"]?.ToString() ?? "unknown";
            if (status is "completed" or "rejected" or "cancelled" || Recorder.Now > until)
            {
                return status;
            }
        }
    }

    private async Task<long> CountAsync(Customer customer, CancellationToken cancellationToken)
    {
        var (count, after) = (0L, "");
        do
        {
            var page = await Caller.AskAsync(Request.Get($"ordering/orders?size=100{after}", customer.Token), cancellationToken);
            count += page?["items"]?.AsArray().Count ?? 0;
            after = page?["next"]?.GetValue<string>() is { } next ? $"&after={Uri.EscapeDataString(next)}" : "";
        }
        while (after.Length > 0);
        return count;
    }
}
