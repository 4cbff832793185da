using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using ModularShop.Modularity.Security;
using Shouldly;
using Xunit;

namespace ModularShop.TestKit;

/// <summary>An order whose amount is held on its customer's card.</summary>
public sealed record AuthorisedOrder(Guid Id, Guid CustomerId);

/// <summary>What Payments' API promises, wherever the module runs and whoever answers.</summary>
public abstract class PaymentsContract(IShopClients shop)
{
    private const string Api = "/api/v1/payments";

    /// <summary>An order of the test's own.</summary>
    protected abstract Task<AuthorisedOrder> AuthorisedOrderAsync();

    [Fact]
    public async Task A_card_becomes_a_token_that_is_not_its_number()
    {
        using var customer = shop.Customer();
        var token = (await customer.PostAsJsonAsync($"{Api}/cards", Card(Shopper.ApprovedCard)).ShouldBeAsync(200))["token"]!.GetValue<string>();
        token.ShouldNotContain(Shopper.ApprovedCard);
        await customer.PostAsJsonAsync($"{Api}/cards", Card("4242424242424241")).ShouldFailAsync(400, "request.invalid");
        using var content = new StringContent("{", Encoding.UTF8, "application/json");
        await customer.PostAsync(At("cards"), content).ShouldFailAsync(400, "request.malformed");
        using var nobody = shop.Anonymous();
        await nobody.PostAsJsonAsync($"{Api}/cards", Card(Shopper.ApprovedCard)).ShouldFailAsync(401, "request.unauthenticated");
        using var operators = shop.Operator();
        await operators.PostAsJsonAsync($"{Api}/cards", Card(Shopper.ApprovedCard)).ShouldFailAsync(403, "request.forbidden");
    }

    [Fact]
    public async Task A_customer_sees_the_payment_of_an_own_order_and_nobody_elses()
    {
        var order = await AuthorisedOrderAsync();
        using var owner = shop.Customer(order.CustomerId);
        (await owner.GetAsync(At($"payments/{order.Id}")).ShouldBeAsync(200))["status"]!.GetValue<string>().ShouldBe("authorised");
        using var stranger = shop.Customer();
        var theirs = await stranger.GetAsync(At($"payments/{order.Id}")).ShouldFailAsync(404, "payments.payment_not_found");
        var nothing = await stranger.GetAsync(At($"payments/{Guid.CreateVersion7()}")).ShouldFailAsync(404, "payments.payment_not_found");
        theirs.AsObject().Select(p => p.Key).ShouldBe(nothing.AsObject().Select(p => p.Key), "an answer does not tell whether the order exists");
        using var nobody = shop.Anonymous();
        await nobody.GetAsync(At($"payments/{order.Id}")).ShouldFailAsync(401, "request.unauthenticated");
    }

    [Fact]
    public async Task What_is_captured_is_invoiced_and_can_be_given_back_once()
    {
        var order = await AuthorisedOrderAsync();
        using var operators = shop.Operator();
        await operators.PostAsync(At($"payments/{order.Id}/capture"), null).ShouldHaveStatusAsync(202);
        var captured = await BecomesAsync(order, "captured");
        var amount = captured["amount"]!["amount"]!.GetValue<long>();

        using var owner = shop.Customer(order.CustomerId);
        var invoice = await Eventually.GetAsync(
            async () => (await owner.GetAsync(At("invoices")).ShouldBeAsync(200))["items"]!.AsArray().FirstOrDefault(i => i!["orderId"]!.GetValue<Guid>() == order.Id), "the invoice");
        await owner.GetAsync(At($"invoices/{invoice["number"]}")).ShouldBeAsync(200);
        using var stranger = shop.Customer();
        await stranger.GetAsync(At($"invoices/{invoice["number"]}")).ShouldFailAsync(404, "payments.invoice_not_found");

        await RefundAsync(operators, order, amount + 1, "more-than-was-taken").ShouldFailAsync(422, "payments.refund_exceeds_captured");
        await RefundAsync(operators, order, amount, "all-of-it").ShouldHaveStatusAsync(202);
        await RefundAsync(operators, order, amount, "all-of-it").ShouldHaveStatusAsync(202);
        (await BecomesAsync(order, "refunded"))["refunded"]!["amount"]!.GetValue<long>().ShouldBe(amount);
    }

    [Fact]
    public async Task What_is_held_can_be_let_go_and_is_not_taken_afterwards()
    {
        var order = await AuthorisedOrderAsync();
        using var operators = shop.Operator();
        await operators.PostAsync(At($"payments/{order.Id}/void"), null).ShouldHaveStatusAsync(202);
        await BecomesAsync(order, "voided");
        await operators.PostAsync(At($"payments/{order.Id}/capture"), null).ShouldFailAsync(409, "payments.not_authorised");
    }

    [Theory]
    [InlineData("capture")]
    [InlineData("void")]
    [InlineData("refund")]
    public async Task Only_operators_move_money_by_hand(string verb)
    {
        var body = new { amount = new { amount = 1, currency = "EUR" }, reason = "mine" };
        var path = $"{Api}/payments/{Guid.CreateVersion7()}/{verb}";
        using var customer = shop.Customer();
        await customer.PostAsJsonAsync(path, body).ShouldFailAsync(403, "request.forbidden");
        using var nobody = shop.Anonymous();
        await nobody.PostAsJsonAsync(path, body).ShouldFailAsync(401, "request.unauthenticated");
        using var forged = shop.With(TestTokens.Forge(Guid.CreateVersion7(), Access.Operator, TimeProvider.System.GetUtcNow()));
        await forged.PostAsJsonAsync(path, body).ShouldFailAsync(401, "request.unauthenticated");
        using var operators = shop.Operator();
        operators.DefaultRequestHeaders.Add("Idempotency-Key", "nothing-to-move");
        await operators.PostAsJsonAsync(path, body).ShouldFailAsync(404, "payments.payment_not_found");
    }

    [Fact]
    public async Task An_operator_finds_the_payment_in_the_list_of_its_status()
    {
        var order = await AuthorisedOrderAsync();
        using var operators = shop.Operator();
        (await operators.GetAsync(At("payments?status=authorised&size=100")).ShouldBeAsync(200))["items"]!.AsArray().ShouldContain(p => p!["orderId"]!.GetValue<Guid>() == order.Id);
        using var customer = shop.Customer(order.CustomerId);
        await customer.GetAsync(At("payments")).ShouldFailAsync(403, "request.forbidden");
    }

    [Theory]
    [InlineData("status=stolen", "request.invalid")]
    [InlineData("size=0", "request.invalid")]
    [InlineData("size=101", "request.invalid")]
    [InlineData("size=many", "request.malformed")]
    [InlineData("after=nonsense", "request.cursor")]
    public async Task A_list_that_cannot_be_is_refused(string query, string code)
    {
        using var operators = shop.Operator();
        await operators.GetAsync(At($"payments?{query}")).ShouldFailAsync(400, code);
    }

    [Fact]
    public async Task A_webhook_that_nobody_signed_is_refused()
    {
        using var provider = shop.Anonymous();
        await provider.PostAsJsonAsync($"{Api}/webhooks/provider", new { id = "evt_1", type = "authorisation.approved" }).ShouldFailAsync(401, "payments.signature_invalid");
    }

    private static Uri At(string path) => new($"{Api}/{path}", UriKind.Relative);

    private static object Card(string number) => new { number, expiryMonth = 12, expiryYear = TimeProvider.System.GetUtcNow().Year + 3, cvc = "123" };

    private static async Task<HttpResponseMessage> RefundAsync(HttpClient operators, AuthorisedOrder order, long amount, string reason)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, At($"payments/{order.Id}/refund"));
        request.Headers.Add("Idempotency-Key", reason);
        request.Content = JsonContent.Create(new { amount = new { amount, currency = "EUR" }, reason });
        return await operators.SendAsync(request);
    }

    /// <summary>Waits until the payment has that status, and nothing is left to be asked of the provider.</summary>
    private async Task<JsonNode> BecomesAsync(AuthorisedOrder order, string status)
    {
        using var operators = shop.Operator();
        return await Eventually.GetAsync(
            async () => await operators.GetAsync(At($"payments/{order.Id}")).ShouldBeAsync(200) is var payment
                && payment["status"]!.GetValue<string>() == status && payment["waitingFor"] is null ? payment : null,
            $"the payment to be {status}");
    }
}
