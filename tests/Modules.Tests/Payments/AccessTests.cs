using ModularShop.Payments.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace Modules.Tests.Payments;

[Collection(PaymentsCollection.Name)]
public sealed class AccessTests(PaymentsShop shop)
{
    [Fact]
    public async Task A_customer_sees_their_own_payment_and_nobody_elses()
    {
        var order = await shop.CapturedAsync();
        var invoice = (await shop.PublishedAsync<InvoiceIssued>(m => m.OrderId == order.Id)).InvoiceNumber;
        var address = new Uri($"/api/v1/payments/invoices/{invoice}", UriKind.Relative);

        using var owner = shop.Customer(order.CustomerId);
        (await owner.GetAsync(order.Payment).ShouldBeAsync(200)).Text("orderNumber").ShouldBe(order.Number);
        await owner.GetAsync(address).ShouldBeAsync(200);
        using var stranger = shop.Customer();
        await stranger.GetAsync(order.Payment).ShouldFailAsync(404, "payments.payment_not_found");
        await stranger.GetAsync(address).ShouldFailAsync(404, "payments.invoice_not_found");
        using var operators = shop.Operator();
        await operators.GetAsync(order.Payment).ShouldBeAsync(200);
        await operators.GetAsync(address).ShouldBeAsync(200);
        using var anonymous = shop.Anonymous();
        await anonymous.GetAsync(order.Payment).ShouldFailAsync(401, "request.unauthenticated");
        using var expired = shop.ExpiredCustomer();
        await expired.GetAsync(order.Payment).ShouldFailAsync(401, "request.unauthenticated");
    }

    [Theory]
    [InlineData("capture")]
    [InlineData("void")]
    [InlineData("refund")]
    public async Task Only_operators_move_money_by_hand(string verb)
    {
        var order = await shop.AuthorisedAsync();
        var refund = new { amount = new { amount = 1, currency = "EUR" }, reason = "r" };
        using var owner = shop.Customer(order.CustomerId);
        await owner.PostAsJsonAsync(order.To(verb), refund).ShouldFailAsync(403, "request.forbidden");
        using var forged = shop.ForgedOperator();
        await forged.PostAsJsonAsync(order.To(verb), refund).ShouldFailAsync(401, "request.unauthenticated");
        (await shop.PaymentAsync(order)).Steps().ShouldBe(["Requested", "Authorised"]);
    }

    [Fact]
    public async Task Invoices_are_listed_to_their_owner_page_by_page()
    {
        var customer = Guid.CreateVersion7();
        for (var i = 0; i < 3; i++)
        {
            var order = await shop.CapturedAsync(PaymentScenarios.NewOrder(customer));
            await shop.PublishedAsync<InvoiceIssued>(m => m.OrderId == order.Id);
        }

        using var owner = shop.Customer(customer);
        var first = await owner.GetAsync(new Uri("/api/v1/payments/invoices?size=2", UriKind.Relative)).ShouldBeAsync(200);
        var second = await owner.GetAsync(new Uri($"/api/v1/payments/invoices?size=2&after={first.Text("next")}", UriKind.Relative)).ShouldBeAsync(200);
        second["next"].ShouldBeNull();
        var numbers = first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(i => i!.Text("number")).ToList();
        numbers.Count.ShouldBe(3);
        numbers.ShouldBe(numbers.OrderDescending(StringComparer.Ordinal));

        using var stranger = shop.Customer();
        (await stranger.GetAsync(new Uri("/api/v1/payments/invoices", UriKind.Relative)).ShouldBeAsync(200))["items"]!.AsArray().ShouldBeEmpty();
        await owner.GetAsync(new Uri("/api/v1/payments/invoices?after=nonsense", UriKind.Relative)).ShouldFailAsync(400, "request.cursor");
        await owner.GetAsync(new Uri("/api/v1/payments/invoices?size=101", UriKind.Relative)).ShouldFailAsync(400, "request.invalid");
    }

    [Fact]
    public async Task Payments_are_listed_to_operators_by_status_page_by_page()
    {
        var captured = new[] { await shop.CapturedAsync(), await shop.CapturedAsync() };
        var authorised = await shop.AuthorisedAsync();
        using var operators = shop.Operator();

        var seen = new List<string>();
        for (string? after = ""; after is not null;)
        {
            var page = await operators.GetAsync(new Uri($"/api/v1/payments/payments?status=captured&size=1{(after.Length > 0 ? $"&after={after}" : "")}", UriKind.Relative)).ShouldBeAsync(200);
            seen.AddRange(page["items"]!.AsArray().Select(i => i!.Text("orderNumber")));
            after = page["next"]?.GetValue<string>();
        }

        seen.Distinct(StringComparer.Ordinal).Count().ShouldBe(seen.Count);
        seen.IndexOf(captured[0].Number).ShouldBeGreaterThan(-1);
        seen.IndexOf(captured[1].Number).ShouldBeLessThan(seen.IndexOf(captured[0].Number));
        seen.IndexOf(authorised.Number).ShouldBe(-1);

        var next = (await operators.GetAsync(new Uri("/api/v1/payments/payments?status=captured&size=1", UriKind.Relative)).ShouldBeAsync(200)).Text("next");
        await operators.GetAsync(new Uri($"/api/v1/payments/payments?status=voided&after={next}", UriKind.Relative)).ShouldFailAsync(400, "request.cursor");
        await operators.GetAsync(new Uri("/api/v1/payments/payments?status=stolen", UriKind.Relative)).ShouldFailAsync(400, "request.invalid");
        await operators.GetAsync(new Uri("/api/v1/payments/payments?status=17", UriKind.Relative)).ShouldFailAsync(400, "request.invalid");
        await operators.GetAsync(new Uri("/api/v1/payments/payments?size=0", UriKind.Relative)).ShouldFailAsync(400, "request.invalid");
        using var customer = shop.Customer(authorised.CustomerId);
        await customer.GetAsync(new Uri("/api/v1/payments/payments", UriKind.Relative)).ShouldFailAsync(403, "request.forbidden");
    }

    [Fact]
    public async Task Other_modules_ask_what_became_of_a_payment()
    {
        var order = await shop.AuthorisedAsync();
        await using var scope = shop.Services.CreateAsyncScope();
        var payments = scope.ServiceProvider.GetRequiredService<IPaymentsApi>();

        (await payments.GetPaymentOfOrderAsync(order.Id, CancellationToken.None))
            .ShouldBe(new PaymentSummary(await shop.PaymentIdAsync(order), order.Id, "authorised", order.Amount));
        (await payments.GetPaymentOfOrderAsync(Guid.CreateVersion7(), CancellationToken.None)).ShouldBeNull();
    }
}
