using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ModularShop.Contracts;
using ModularShop.Payments.Contracts;
using ModularShop.Payments.Domain;
using ModularShop.Shipping.Contracts;
using PaymentProviderSimulator;

namespace Modules.Tests.Payments;

/// <summary>An order as Payments sees it.</summary>
public sealed record TestOrder(Guid Id, string Number, Guid CustomerId, Money Amount)
{
    public string Subject => $"order/{Id}";

    public Uri Payment => new($"/api/v1/payments/payments/{Id}", UriKind.Relative);

    public Uri To(string verb) => new($"/api/v1/payments/payments/{Id}/{verb}", UriKind.Relative);
}

internal static class PaymentScenarios
{
    public static readonly Money Price = new(4990, "EUR");

    public static TestOrder NewOrder(Guid? customer = null, Money? amount = null)
    {
        var id = Guid.CreateVersion7();
        return new TestOrder(id, $"O-{id.ToString("N")[12..24].ToUpperInvariant()}", customer ?? Guid.CreateVersion7(), amount ?? Price);
    }

    public static object CardOf(this ShopFixture shop, string number) =>
        new { number, expiryMonth = 12, expiryYear = shop.Clock.GetUtcNow().Year + 2, cvc = "123" };

    public static async Task<string> TokenAsync(this ShopFixture shop, Guid customer, string number = TestCards.Approved)
    {
        using var client = shop.Customer(customer);
        return (await client.PostAsJsonAsync("/api/v1/payments/cards", shop.CardOf(number)).ShouldBeAsync(200))["token"]!.GetValue<string>();
    }

    /// <summary>Asks for the payment of a new order, as Ordering does, and waits until the request is recorded.</summary>
    public static async Task<TestOrder> RequestPaymentAsync(this ShopFixture shop, string card = TestCards.Approved, TestOrder? order = null)
    {
        order ??= NewOrder();
        var token = await shop.TokenAsync(order.CustomerId, card);
        await shop.DeliverAsync("Payments", "Ordering", order.Subject, new AuthorisePayment(order.Id, order.Number, order.CustomerId, order.Amount, token));
        return order;
    }

    public static async Task<TestOrder> AuthorisedAsync(this ShopFixture shop, TestOrder? order = null)
    {
        order = await shop.RequestPaymentAsync(order: order);
        await shop.PaymentBecomesAsync(order, "authorised");
        return order;
    }

    public static async Task<TestOrder> CapturedAsync(this ShopFixture shop, TestOrder? order = null)
    {
        order = await shop.AuthorisedAsync(order);
        await shop.DeliveredAsync(order);
        await shop.PaymentBecomesAsync(order, "captured");
        return order;
    }

    public static Task DeliveredAsync(this ShopFixture shop, TestOrder order) =>
        shop.DeliverAsync("Payments", "Shipping", $"shipment/{order.Id}", new ShipmentDelivered(order.Id, Guid.CreateVersion7(), shop.Clock.GetUtcNow()));

    public static Task VoidAsync(this ShopFixture shop, TestOrder order, string reason = "order_cancelled") =>
        shop.DeliverAsync("Payments", "Ordering", order.Subject, new VoidPayment(order.Id, reason));

    public static async Task<JsonNode> PaymentAsync(this ShopFixture shop, TestOrder order)
    {
        using var operators = shop.Operator();
        return await operators.GetAsync(order.Payment).ShouldBeAsync(200);
    }

    /// <summary>Waits until the payment has that status and nothing is left to be asked of the provider.</summary>
    public static Task<JsonNode> PaymentBecomesAsync(this ShopFixture shop, TestOrder order, string status) => Eventually.GetAsync(
        async () => await shop.PaymentAsync(order) is var payment && payment.Text("status") == status && payment["waitingFor"] is null ? payment : null,
        $"the payment of {order.Number} to be {status}");

    public static Task<Guid> PaymentIdAsync(this ShopFixture shop, TestOrder order) =>
        shop.ReadAsync("Payments", db => db.Set<Payment>().Where(p => p.OrderId == order.Id).Select(p => p.Id).SingleAsync());

    public static string Text(this JsonNode node, string name) => node[name]!.GetValue<string>();

    public static IReadOnlyList<string> Steps(this JsonNode payment) => [.. payment["history"]!.AsArray().Select(s => s!.Text("type"))];
}
