using System.Globalization;
using ModularShop.Payments.Contracts;
using PaymentProviderSimulator;

namespace Modules.Tests.Payments;

[Collection(PaymentsCollection.Name)]
public sealed class CaptureTests(PaymentsShop shop)
{
    [Fact]
    public async Task A_delivered_order_is_captured_and_invoiced()
    {
        var order = await shop.AuthorisedAsync();

        await shop.DeliveredAsync(order);

        var payment = await shop.PaymentBecomesAsync(order, "captured");
        payment["captured"]!["amount"]!.GetValue<long>().ShouldBe(order.Amount.Amount);
        (await shop.PublishedAsync<PaymentCaptured>(m => m.OrderId == order.Id)).Amount.ShouldBe(order.Amount);
        var issued = await shop.PublishedAsync<InvoiceIssued>(m => m.OrderId == order.Id);
        issued.InvoiceNumber.ShouldMatch($"^INV-{shop.Clock.GetUtcNow().Year}-[0-9]{{6}}$");
        issued.Total.ShouldBe(order.Amount);
        issued.CustomerId.ShouldBe(order.CustomerId);

        using var customer = shop.Customer(order.CustomerId);
        var invoice = await customer.GetAsync(new Uri($"/api/v1/payments/invoices/{issued.InvoiceNumber.ToLowerInvariant()}", UriKind.Relative)).ShouldBeAsync(200);
        invoice.Text("orderNumber").ShouldBe(order.Number);
        invoice["total"]!["amount"]!.GetValue<long>().ShouldBe(order.Amount.Amount);
        (await shop.PaymentAsync(order)).Text("invoiceNumber").ShouldBe(issued.InvoiceNumber);
    }

    [Fact]
    public async Task A_delivery_reported_twice_captures_once()
    {
        var order = await shop.CapturedAsync();

        await shop.DeliveredAsync(order);
        await shop.SettledAsync();

        shop.Published<PaymentCaptured>(m => m.OrderId == order.Id).Count.ShouldBe(1);
        shop.Published<InvoiceIssued>(m => m.OrderId == order.Id).Count.ShouldBe(1);
        shop.Provider.CallsOf(await shop.PaymentIdAsync(order), "capture").Count.ShouldBe(1);
    }

    [Fact]
    public async Task Invoices_issued_at_the_same_time_have_numbers_without_gap_or_double()
    {
        var orders = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => shop.AuthorisedAsync()));
        await Task.WhenAll(orders.Select(o => shop.DeliveredAsync(o)));
        foreach (var order in orders)
        {
            await shop.PublishedAsync<InvoiceIssued>(m => m.OrderId == order.Id);
        }

        var numbers = shop.Published<InvoiceIssued>().Select(m => int.Parse(m.InvoiceNumber[^6..], CultureInfo.InvariantCulture)).Order().ToList();
        numbers.ShouldBe(Enumerable.Range(1, numbers.Count));
    }

    [Fact]
    public async Task A_delivery_without_a_payment_that_can_be_captured_changes_nothing()
    {
        await shop.DeliveredAsync(PaymentScenarios.NewOrder());

        var declined = await shop.RequestPaymentAsync(TestCards.Declined);
        await shop.PaymentBecomesAsync(declined, "declined");
        await shop.DeliveredAsync(declined);
        (await shop.PaymentAsync(declined)).Steps().ShouldBe(["Requested", "Declined"]);
    }

    [Fact]
    public async Task An_operator_captures_what_is_authorised()
    {
        using var operators = shop.Operator();
        var order = await shop.AuthorisedAsync();
        await operators.PostAsync(order.To("capture"), null).ShouldHaveStatusAsync(202);
        await shop.PaymentBecomesAsync(order, "captured");
        await operators.PostAsync(order.To("capture"), null).ShouldHaveStatusAsync(202);

        var voided = await shop.AuthorisedAsync();
        await shop.VoidAsync(voided);
        await operators.PostAsync(voided.To("capture"), null).ShouldFailAsync(409, "payments.not_authorised");
        await operators.PostAsync(PaymentScenarios.NewOrder().To("capture"), null).ShouldFailAsync(404, "payments.payment_not_found");
        await operators.PostAsync(new Uri("/api/v1/payments/payments/17/capture", UriKind.Relative), null).ShouldFailAsync(400, "request.malformed");
    }

    [Fact]
    public async Task Capture_and_void_at_the_same_time_end_in_one_of_both()
    {
        using var operators = shop.Operator();
        var order = await shop.AuthorisedAsync();

        await Task.WhenAll(operators.PostAsync(order.To("capture"), null), shop.VoidAsync(order), operators.PostAsync(order.To("void"), null));

        var payment = await Eventually.GetAsync(
            async () => await shop.PaymentAsync(order) is var p && p.Text("status") is "voided" or "refunded" && p["waitingFor"] is null ? p : null, "the payment to be undone");
        var refunded = payment["refunded"]!["amount"]!.GetValue<long>();
        refunded.ShouldBe(payment["captured"]!["amount"]!.GetValue<long>());
    }
}
