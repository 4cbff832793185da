using ModularShop.Contracts;
using ModularShop.Host.Pages;

namespace ModularShop.Host.Console;

/// <summary>Everybody's orders, newest first.</summary>
/// <param name="Status">Only those of it; empty for all.</param>
/// <param name="After">Those behind this position of the list; null for the newest.</param>
/// <param name="Problem">Why there are none to show.</param>
public sealed record OrdersModel(IReadOnlyList<OrderRow> Orders, string? Next, string Status, string? After, ApiProblem? Problem)
{
    /// <summary>Of this page of the list.</summary>
    public string Query => ShopApi.Query(("status", Status), ("after", After));

    public static IReadOnlyList<string> Statuses { get; } = ["placed", "confirmed", "shipped", "delivered", "completed", "cancelling", "cancelled", "rejected"];

    internal static async Task<OrdersModel> ReadAsync(ShopApi api, string? status, string? after)
    {
        var answer = await api.TryGetAsync<Listed<OrderRow>>($"/api/v1/ordering/orders/all{ShopApi.Query(("status", status), ("after", after), ("size", "50"))}");
        return new OrdersModel(answer.Value?.Items ?? [], answer.Value?.Next, status ?? "", after, answer.Problem);
    }
}

/// <summary>What became of an order: the steps of its checkout, and what each module says happened.</summary>
/// <param name="Silent">Parts that could not be had, with the reason.</param>
public sealed record OrderModel(
    OrderDetails Order, Checkout? Checkout, Payment? Payment, Shipment? Shipment, IReadOnlyList<TimelineStep> Timeline, IReadOnlyList<string> Silent)
{
    internal static async Task<OrderModel> ReadAsync(ShopApi api, Guid id)
    {
        var order = (await api.TryGetAsync<OrderDetails>($"/api/v1/ordering/orders/{id}")).Needed();
        var saga = api.TryGetAsync<Checkout>($"/api/v1/ordering/orders/{id}/saga");
        var history = api.TryGetAsync<Listed<HistoryLine>>($"/api/v1/ordering/orders/{id}/history");
        var payment = api.TryGetAsync<Payment>($"/api/v1/payments/payments/{id}");
        var shipment = api.TryGetAsync<Shipment>($"/api/v1/shipping/shipments/{id}");
        await Task.WhenAll(saga, history, payment, shipment);
        var silent = new[] { ("the checkout", (await saga).Problem), ("the history", (await history).Problem), ("the payment", (await payment).Problem), ("the shipment", (await shipment).Problem) }
            .Where(p => p.Item2 is { Status: not StatusCodes.Status404NotFound }).Select(p => $"{p.Item1}: {p.Item2!.Detail}");
        return new OrderModel(order, (await saga).Value, (await payment).Value, (await shipment).Value, Line((await saga).Value, (await history).Value, (await payment).Value, (await shipment).Value), [.. silent]);
    }

    private static IReadOnlyList<TimelineStep> Line(Checkout? saga, Listed<HistoryLine>? history, Payment? payment, Shipment? shipment) =>
    [
        .. (saga?.Steps ?? []).SelectMany(StepsOf)
            .Concat((history?.Items ?? []).Select(h => new TimelineStep(h.At, "history", Words(h.Kind), h.Text)))
            .Concat((payment?.History ?? []).Select(p => new TimelineStep(p.At, "payment", Words(p.Type), $"Event {p.Number} of the payment")))
            .Concat((shipment?.Events ?? []).Select(e => new TimelineStep(e.At, "shipment", Words(e.Status), e.Place.Length == 0 ? e.Text : $"{e.Text}; {e.Place}")))
            .OrderBy(s => s.At),
    ];

    /// <summary>What it did, and behind that what it took back.</summary>
    private static IEnumerable<TimelineStep> StepsOf(CheckoutStep step) => (step.Undone ?? []).Select(u => new TimelineStep(step.At, "undo", Words(u), u switch
    {
        "stockReleased" => "Catalog is told to let it go.",
        "stockReturned" => "Catalog is told that it is there again.",
        "paymentVoided" => "Payments is told to let go what is held on the card.",
        _ => "The parcel stays here.",
    })).Prepend(new TimelineStep(step.At, step.State == "stoppingShipment" ? "undo" : "saga", Words(step.State), step.Note));

    /// <summary><c>reservingStock</c> as <c>Reserving stock</c>.</summary>
    internal static string Words(string name) => name.Length == 0 ? name
        : string.Concat(name.Select((c, i) => i == 0 ? $"{char.ToUpperInvariant(c)}" : char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}"));
}

/// <param name="Lane">Whose word it is: <c>saga</c>, <c>undo</c>, <c>history</c>, <c>payment</c> or <c>shipment</c>.</param>
public sealed record TimelineStep(DateTimeOffset At, string Lane, string What, string Text)
{
    public string LaneName => Lane switch { "saga" => "Checkout", "undo" => "Checkout, undoing", "history" => "History", "payment" => "Payments", _ => "Shipping" };
}

public sealed record OrderDetails(
    Guid Id, string Number, string Status, string? Reason, DateTimeOffset PlacedAt, IReadOnlyList<OrderLine> Lines, Money Total, string? TrackingNumber, string? InvoiceNumber);

public sealed record OrderLine(string Sku, string Name, int Quantity, Money Total);

public sealed record Checkout(string State, string? EndReason, IReadOnlyList<CheckoutStep> Steps);

/// <param name="Undone">What it took back; null where a service of an earlier version answers.</param>
public sealed record CheckoutStep(int Number, string State, DateTimeOffset At, string Note, IReadOnlyList<string>? Undone);

public sealed record HistoryLine(DateTimeOffset At, string Kind, string Text);

public sealed record Payment(string Status, Money Amount, Money Captured, Money Refunded, string? DeclineReason, string? VoidReason, string? WaitingFor, IReadOnlyList<PaymentEvent> History);

public sealed record PaymentEvent(int Number, string Type, DateTimeOffset At);

public sealed record Shipment(string TrackingNumber, string Status, string? Reason, string Service, IReadOnlyList<ParcelEvent> Events);

public sealed record ParcelEvent(DateTimeOffset At, string Status, string Place, string Text);
