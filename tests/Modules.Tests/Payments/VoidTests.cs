using ModularShop.Payments.Contracts;
using PaymentProviderSimulator;

namespace Modules.Tests.Payments;

[Collection(PaymentsCollection.Name)]
public sealed class VoidTests(PaymentsShop shop)
{
    [Fact]
    public async Task An_authorised_payment_is_voided()
    {
        var order = await shop.AuthorisedAsync();

        await shop.VoidAsync(order);

        var payment = await shop.PaymentBecomesAsync(order, "voided");
        payment.Text("voidReason").ShouldBe("order_cancelled");
        await shop.PublishedAsync<PaymentVoided>(m => m.OrderId == order.Id);
        shop.Provider.ChargesOf(await shop.PaymentIdAsync(order)).ShouldBe(0);
    }

    [Fact]
    public async Task An_authorisation_in_flight_is_voided_when_its_answer_arrives()
    {
        var order = PaymentScenarios.NewOrder();
        var gate = shop.Provider.Hold(order.Number);
        await shop.RequestPaymentAsync(order: order);
        var id = await shop.PaymentIdAsync(order);
        await Eventually.TrueAsync(() => Task.FromResult(shop.Provider.CallsOf(id, "authorise").Count > 0), "the call to be made");

        await shop.VoidAsync(order);
        shop.Provider.CallsOf(id, "void").ShouldBeEmpty();
        gate.SetResult();

        var payment = await shop.PaymentBecomesAsync(order, "voided");
        payment.Steps().ShouldBe(["Requested", "VoidRequested", "AuthorisedTooLate", "Voided"]);
        await shop.SettledAsync();
        shop.Published<PaymentVoided>(m => m.OrderId == order.Id).Count.ShouldBe(1);
        shop.Published<PaymentAuthorised>(m => m.OrderId == order.Id).ShouldBeEmpty();
        shop.Provider.ChargesOf(id).ShouldBe(0);
    }

    [Fact]
    public async Task A_payment_that_waits_for_its_webhook_is_voided_and_the_webhook_comes_too_late()
    {
        var order = await shop.RequestPaymentAsync(TestCards.LateWebhook);
        await shop.VoidAsync(order);

        await shop.PaymentBecomesAsync(order, "voided");
        await shop.SettledAsync();
        shop.Provider.ChargesOf(await shop.PaymentIdAsync(order)).ShouldBe(0);
    }

    [Fact]
    public async Task A_captured_payment_is_refunded()
    {
        var order = await shop.CapturedAsync();

        await shop.VoidAsync(order);

        await shop.PaymentBecomesAsync(order, "refunded");
        (await shop.PublishedAsync<PaymentRefunded>(m => m.OrderId == order.Id)).Amount.ShouldBe(order.Amount);
    }

    [Fact]
    public async Task What_a_partial_refund_left_is_refunded()
    {
        var order = await shop.CapturedAsync();
        using var operators = shop.Operator();
        operators.DefaultRequestHeaders.Add("Idempotency-Key", "first");
        await operators.PostAsJsonAsync(order.To("refund"), new { amount = new { amount = 990, currency = "EUR" }, reason = "scratched" }).ShouldHaveStatusAsync(202);

        await shop.VoidAsync(order);

        await shop.PaymentBecomesAsync(order, "refunded");
        await shop.SettledAsync();
        shop.Published<PaymentRefunded>(m => m.OrderId == order.Id).Select(m => m.Amount.Amount).ShouldBe([990, 4000], ignoreOrder: true);
    }

    [Fact]
    public async Task A_declined_payment_stays_declined()
    {
        var order = await shop.RequestPaymentAsync(TestCards.Declined);
        await shop.PaymentBecomesAsync(order, "declined");

        await shop.VoidAsync(order);
        await shop.SettledAsync();

        (await shop.PaymentAsync(order)).Steps().ShouldBe(["Requested", "Declined"]);
        shop.Published<PaymentVoided>(m => m.OrderId == order.Id).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_payment_is_voided_once_however_often_it_is_asked_for()
    {
        var order = await shop.AuthorisedAsync();

        await Task.WhenAll(shop.VoidAsync(order), shop.VoidAsync(order), shop.VoidAsync(order));
        await shop.PaymentBecomesAsync(order, "voided");
        await shop.VoidAsync(order);
        await shop.SettledAsync();

        shop.Published<PaymentVoided>(m => m.OrderId == order.Id).Count.ShouldBe(1);
        shop.Provider.CallsOf(await shop.PaymentIdAsync(order), "void").Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_payment_asked_for_after_it_was_to_be_undone_holds_nothing()
    {
        var order = PaymentScenarios.NewOrder();
        await shop.VoidAsync(order, new string('r', 10_000));
        await shop.VoidAsync(order);

        await shop.RequestPaymentAsync(order: order);

        await shop.PaymentBecomesAsync(order, "voided");
        await shop.PublishedAsync<PaymentVoided>(m => m.OrderId == order.Id);
        shop.Provider.CallsOf(await shop.PaymentIdAsync(order), "authorise").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_operator_voids_what_is_authorised_and_not_what_is_captured()
    {
        using var operators = shop.Operator();
        var authorised = await shop.AuthorisedAsync();
        await operators.PostAsync(authorised.To("void"), null).ShouldHaveStatusAsync(202);
        await shop.PaymentBecomesAsync(authorised, "voided");
        await operators.PostAsync(authorised.To("void"), null).ShouldHaveStatusAsync(202);

        var captured = await shop.CapturedAsync();
        await operators.PostAsync(captured.To("void"), null).ShouldFailAsync(409, "payments.already_captured");
        await operators.PostAsync(PaymentScenarios.NewOrder().To("void"), null).ShouldFailAsync(404, "payments.payment_not_found");
    }
}
