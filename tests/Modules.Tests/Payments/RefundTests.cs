using System.Net;
using System.Text;
using ModularShop.Payments.Contracts;

namespace Modules.Tests.Payments;

[Collection(PaymentsCollection.Name)]
public sealed class RefundTests(PaymentsShop shop)
{
    [Fact]
    public async Task A_captured_payment_is_refunded_in_parts_and_never_beyond()
    {
        var order = await shop.CapturedAsync();

        await RefundAsync(order, 1000, "one").ShouldHaveStatusAsync(202);
        var payment = await shop.PaymentBecomesAsync(order, "captured");
        payment["refunded"]!["amount"]!.GetValue<long>().ShouldBe(1000);
        (await RefundAsync(order, 3991, "two").ShouldFailAsync(422, "payments.refund_exceeds_captured")).Text("detail").ShouldContain("39.90 EUR left");
        await RefundAsync(order, 3990, "three").ShouldHaveStatusAsync(202);

        await shop.PaymentBecomesAsync(order, "refunded");
        await RefundAsync(order, 1, "four").ShouldFailAsync(422, "payments.refund_exceeds_captured");
        await shop.SettledAsync();
        shop.Published<PaymentRefunded>(m => m.OrderId == order.Id).Sum(m => m.Amount.Amount).ShouldBe(order.Amount.Amount);
    }

    [Fact]
    public async Task The_same_key_refunds_once()
    {
        var order = await shop.CapturedAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => RefundAsync(order, 1000, "same")));
        answers.Select(a => a.StatusCode).ShouldAllBe(s => s == HttpStatusCode.Accepted);
        await shop.PaymentBecomesAsync(order, "captured");
        await RefundAsync(order, 1000, "same").ShouldHaveStatusAsync(202);
        await RefundAsync(order, 999, "same").ShouldFailAsync(409, "payments.idempotency_key_reused");

        await shop.SettledAsync();
        shop.Published<PaymentRefunded>(m => m.OrderId == order.Id).Count.ShouldBe(1);
        (await shop.PaymentAsync(order))["refunded"]!["amount"]!.GetValue<long>().ShouldBe(1000);
    }

    [Fact]
    public async Task Refunds_at_the_same_time_never_give_back_more_than_was_taken()
    {
        var order = await shop.CapturedAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => RefundAsync(order, 3000, $"key-{i}")));

        answers.Count(a => a.StatusCode is HttpStatusCode.Accepted).ShouldBe(1);
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.Accepted || a.StatusCode == HttpStatusCode.Conflict || a.StatusCode == HttpStatusCode.UnprocessableEntity);
        await shop.PaymentBecomesAsync(order, "captured");
        (await shop.PaymentAsync(order))["refunded"]!["amount"]!.GetValue<long>().ShouldBe(3000);
    }

    [Fact]
    public async Task Only_what_is_captured_can_be_refunded()
    {
        await RefundAsync(await shop.AuthorisedAsync(), 1000, "key").ShouldFailAsync(409, "payments.not_captured");
        await RefundAsync(PaymentScenarios.NewOrder(), 1000, "key").ShouldFailAsync(404, "payments.payment_not_found");
    }

    [Theory]
    [InlineData("""{"amount":{"amount":0,"currency":"EUR"},"reason":"r"}""", "k", 400, "request.invalid")]
    [InlineData("""{"amount":{"amount":-100,"currency":"EUR"},"reason":"r"}""", "k", 400, "request.invalid")]
    [InlineData("""{"amount":{"amount":100,"currency":"XXX"},"reason":"r"}""", "k", 400, "request.invalid")]
    [InlineData("""{"amount":{"amount":100,"currency":"EUR"},"reason":""}""", "k", 400, "request.invalid")]
    [InlineData("""{"amount":{"amount":100,"currency":"EUR"},"reason":"r"}""", "", 400, "request.invalid")]
    [InlineData("""{"amount":{"amount":100,"currency":"EUR"},"reason":"r"}""", "a b", 400, "request.invalid")]
    [InlineData("""{"amount":{"amount":9223372036854775807,"currency":"EUR"},"reason":"r"}""", "k", 422, "payments.refund_exceeds_captured")]
    [InlineData("""{"amount":{"amount":100,"currency":"USD"},"reason":"r"}""", "k", 422, "payments.currency_changed")]
    [InlineData("""{"amount":{"amount":92233720368547758070,"currency":"EUR"},"reason":"r"}""", "k", 400, "request.malformed")]
    [InlineData("""{"amount":{"amount":10.5,"currency":"EUR"},"reason":"r"}""", "k", 400, "request.malformed")]
    [InlineData("""{"amount":100,"reason":"r"}""", "k", 400, "request.malformed")]
    [InlineData("""{"amount":{"amount":100,"currency":null},"reason":"r"}""", "k", 400, "request.malformed")]
    [InlineData("{", "k", 400, "request.malformed")]
    public async Task A_refund_that_makes_no_sense_is_refused(string body, string key, int status, string code)
    {
        var order = await shop.CapturedAsync();
        using var operators = shop.Operator();
        using var request = new HttpRequestMessage(HttpMethod.Post, order.To("refund")) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);

        await operators.SendAsync(request).ShouldFailAsync(status, code);

        (await shop.PaymentAsync(order))["refunded"]!["amount"]!.GetValue<long>().ShouldBe(0);
    }

    private async Task<HttpResponseMessage> RefundAsync(TestOrder order, long amount, string key)
    {
        using var operators = shop.Operator();
        operators.DefaultRequestHeaders.Add("Idempotency-Key", key);
        return await operators.PostAsJsonAsync(order.To("refund"), new { amount = new { amount, currency = "EUR" }, reason = "returned" });
    }
}
