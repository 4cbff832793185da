using Microsoft.EntityFrameworkCore;
using ModularShop.Contracts;
using ModularShop.Payments.Contracts;
using ModularShop.Payments.Domain;
using PaymentProviderSimulator;

namespace Modules.Tests.Payments;

[Collection(PaymentsCollection.Name)]
public sealed class AuthorisationTests(PaymentsShop shop)
{
    [Fact]
    public async Task A_good_card_is_authorised_and_nothing_is_taken()
    {
        var order = await shop.RequestPaymentAsync();

        var payment = await shop.PaymentBecomesAsync(order, "authorised");
        payment["captured"]!["amount"]!.GetValue<long>().ShouldBe(0);
        payment.Steps().ShouldBe(["Requested", "Authorised"]);
        (await shop.PublishedAsync<PaymentAuthorised>(m => m.OrderId == order.Id)).Amount.ShouldBe(order.Amount);
        shop.Provider.ChargesOf(await shop.PaymentIdAsync(order)).ShouldBe(1);
    }

    [Theory]
    [InlineData(TestCards.Declined, "declined")]
    [InlineData(TestCards.InsufficientFunds, "insufficient_funds")]
    public async Task A_bad_card_is_declined_with_its_reason(string card, string reason)
    {
        var order = await shop.RequestPaymentAsync(card);

        (await shop.PaymentBecomesAsync(order, "declined")).Text("declineReason").ShouldBe(reason);
        (await shop.PublishedAsync<PaymentDeclined>(m => m.OrderId == order.Id)).Reason.ShouldBe(reason);
        shop.Provider.ChargesOf(await shop.PaymentIdAsync(order)).ShouldBe(0);
    }

    [Fact]
    public async Task A_call_that_times_out_after_the_charge_is_repeated_with_the_same_key_and_charges_once()
    {
        var order = await shop.RequestPaymentAsync(TestCards.Timeout);

        await shop.PaymentBecomesAsync(order, "authorised");
        var id = await shop.PaymentIdAsync(order);
        shop.Provider.ChargesOf(id).ShouldBe(1);
        shop.Provider.CallsOf(id, "authorise").Count.ShouldBeGreaterThan(1);
        shop.Provider.CallsOf(id, "authorise").Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
    }

    [Fact]
    public async Task Answers_that_come_twice_change_nothing()
    {
        var order = await shop.RequestPaymentAsync(TestCards.Duplicate);

        await shop.PaymentBecomesAsync(order, "authorised");
        var id = await shop.PaymentIdAsync(order);
        await Eventually.TrueAsync(
            async () => await shop.ReadAsync("Payments", db => db.Set<ProviderEvent>().CountAsync(e => e.MerchantReference == id)) == 2,
            "both webhooks to be taken, one of them delivered twice");
        (await shop.PaymentAsync(order)).Steps().ShouldBe(["Requested", "Authorised"]);
        await shop.SettledAsync();
        shop.Published<PaymentAuthorised>(m => m.OrderId == order.Id).Count.ShouldBe(1);
        shop.Provider.ChargesOf(id).ShouldBe(1);
    }

    [Fact]
    public async Task A_result_that_comes_later_comes_by_webhook()
    {
        var order = await shop.RequestPaymentAsync(TestCards.LateWebhook);

        var payment = await shop.PaymentBecomesAsync(order, "authorised");
        payment.Steps().ShouldBe(["Requested", "AuthorisationPending", "Authorised"]);
        await shop.SettledAsync();
        shop.Published<PaymentAuthorised>(m => m.OrderId == order.Id).Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_lost_after_the_charge_charges_once()
    {
        var order = PaymentScenarios.NewOrder();
        shop.Provider.LoseAnswers(order.Number, times: 5);

        await shop.RequestPaymentAsync(order: order);

        await shop.PaymentBecomesAsync(order, "authorised");
        var id = await shop.PaymentIdAsync(order);
        shop.Provider.ChargesOf(id).ShouldBe(1);
        shop.Provider.CallsOf(id, "authorise").Count.ShouldBe(6);
        shop.Provider.CallsOf(id, "authorise").Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
    }

    [Fact]
    public async Task An_order_is_paid_once_however_often_it_asks()
    {
        var order = await shop.AuthorisedAsync();

        await shop.RequestPaymentAsync(order: order);
        await shop.SettledAsync();

        shop.Published<PaymentAuthorised>(m => m.OrderId == order.Id).Count.ShouldBe(1);
        shop.Provider.CallsOf(await shop.PaymentIdAsync(order), "authorise").Count.ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_pays_with_somebody_elses_card()
    {
        var order = PaymentScenarios.NewOrder();
        var token = await shop.TokenAsync(Guid.CreateVersion7());

        await shop.DeliverAsync("Payments", "Ordering", order.Subject, new AuthorisePayment(order.Id, order.Number, order.CustomerId, order.Amount, token));

        (await shop.PublishedAsync<PaymentDeclined>(m => m.OrderId == order.Id)).Reason.ShouldBe("unknown_card");
        shop.Provider.CallsOf(await shop.PaymentIdAsync(order), "authorise").ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, "EUR", "invalid_amount")]
    [InlineData(-1, "EUR", "invalid_amount")]
    [InlineData(100, "XXX", "invalid_amount")]
    public async Task An_amount_that_cannot_be_paid_is_declined(long amount, string currency, string reason)
    {
        var order = await shop.RequestPaymentAsync(order: PaymentScenarios.NewOrder(amount: new Money(amount, currency)));

        (await shop.PublishedAsync<PaymentDeclined>(m => m.OrderId == order.Id)).Reason.ShouldBe(reason);
        shop.Provider.CallsOf(await shop.PaymentIdAsync(order), "authorise").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("tok_made_up")]
    [InlineData(null)]
    public async Task A_token_that_nobody_gave_out_is_declined(string? token)
    {
        var order = PaymentScenarios.NewOrder();

        await shop.DeliverAsync("Payments", "Ordering", order.Subject,
            new AuthorisePayment(order.Id, order.Number, order.CustomerId, order.Amount, token ?? new string('t', 1_000_000)));

        (await shop.PublishedAsync<PaymentDeclined>(m => m.OrderId == order.Id)).Reason.ShouldBe("unknown_card");
    }

    [Fact]
    public async Task An_authorisation_that_nobody_captures_expires_and_is_let_go_at_the_provider()
    {
        var order = await shop.AuthorisedAsync();
        await shop.RunJobAsync("Payments", "ExpireAuthorisations");
        (await shop.PaymentAsync(order)).Text("status").ShouldBe("authorised");

        shop.Clock.Advance(TimeSpan.FromDays(7));
        await shop.RunJobAsync("Payments", "ExpireAuthorisations");

        await shop.PaymentBecomesAsync(order, "expired");
        await shop.PublishedAsync<PaymentAuthorisationExpired>(m => m.OrderId == order.Id);
        shop.Provider.ChargesOf(await shop.PaymentIdAsync(order)).ShouldBe(0);
        await shop.DeliveredAsync(order);
        (await shop.PaymentAsync(order)).Text("status").ShouldBe("expired");
        await shop.SettledAsync();
        shop.Published<PaymentVoided>(m => m.OrderId == order.Id).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_call_that_hangs_does_not_hold_up_the_others()
    {
        var hanging = PaymentScenarios.NewOrder();
        var gate = shop.Provider.Hold(hanging.Number);
        await shop.RequestPaymentAsync(order: hanging);

        var others = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => shop.AuthorisedAsync()));
        others.Length.ShouldBe(12);
        (await shop.PaymentAsync(hanging)).Text("status").ShouldBe("requested");

        gate.SetResult();
        await shop.PaymentBecomesAsync(hanging, "authorised");
        shop.Provider.ChargesOf(await shop.PaymentIdAsync(hanging)).ShouldBe(1);
    }
}
