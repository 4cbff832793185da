using ModularShop.Contracts;
using ModularShop.Host.Pages;

namespace ModularShop.Host.Console;

/// <summary>Everybody's orders, newest first.</summary>
/// <param name="Status">Only those of it; empty for all.</param>
/// <param name="Problem">Why there are none to show.</param>
public sealed record OrdersModel(IReadOnlyList<OrderRow> Orders, string? Next, string Status, ApiProblem? Problem)
{
    public static IReadOnlyList<string> Statuses { get; } = ["placed", "confirmed", "shipped", "delivered", "completed", "cancelling", "cancelled", "rejected"];

    internal static async Task<OrdersModel> ReadAsync(ShopApi api, string? status, string? after)
    {
        var answer = await api.GetAsync<Listed<OrderRow>>($"/api/v1/ordering/orders/all{ShopApi.Query(("status", status), ("after", after), ("size", "50"))}");
        return answer.Refusal() is { } problem ? new OrdersModel([], null, status ?? "", problem) : new OrdersModel(answer.Needed().Items, answer.Needed().Next, status ?? "", null);
    }
}

/// <summary>What became of an order: the steps of its checkout, and what each module says happened.</summary>
/// <param name="Silent">Parts that could not be had, with the reason.</param>
public sealed record OrderModel(
    OrderDetails Order, Checkout? Checkout, Payment? Payment, Shipment? Shipment, IReadOnlyList<TimelineStep> Timeline, IReadOnlyList<string> Silent)
{
    private static readonly string[] Undoing = ["stoppingShipment", "rejected", "cancelled"];

    internal static async Task<OrderModel> ReadAsync(ShopApi api, Guid id)
    {
        var order = (await api.GetAsync<OrderDetails>($"/api/v1/ordering/orders/{id}")).Needed();
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
        .. (saga?.Steps ?? []).Select(s => new TimelineStep(s.At, Undoing.Contains(s.State, StringComparer.Ordinal) ? "undo" : "saga", Words(s.State), s.Note))
            .Concat((history?.Items ?? []).Select(h => new TimelineStep(h.At, "history", Words(h.Kind), h.Text)))
            .Concat((payment?.History ?? []).Select(p => new TimelineStep(p.At, "payment", Words(p.Type), $"Event {p.Number} of the payment")))
            .Concat((shipment?.Events ?? []).Select(e => new TimelineStep(e.At, "shipment", Words(e.Status), e.Place.Length == 0 ? e.Text : $"{e.Text}; {e.Place}")))
            .OrderBy(s => s.At),
    ];

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

public sealed record CheckoutStep(int Number, string State, DateTimeOffset At, string Note);

public sealed record HistoryLine(DateTimeOffset At, string Kind, string Text);

public sealed record Payment(string Status, Money Amount, Money Captured, Money Refunded, string? DeclineReason, string? VoidReason, string? WaitingFor, IReadOnlyList<PaymentEvent> History);

public sealed record PaymentEvent(int Number, string Type, DateTimeOffset At);

public sealed record Shipment(string TrackingNumber, string Status, string? Reason, string Service, IReadOnlyList<ParcelEvent> Events);

public sealed record ParcelEvent(DateTimeOffset At, string Status, string Place, string Text);
