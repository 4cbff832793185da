using System.Text;
using PaymentProviderSimulator;

namespace Modules.Tests.Payments;

[Collection(PaymentsCollection.Name)]
public sealed class CardTests(PaymentsShop shop)
{
    private const string Cards = "/api/v1/payments/cards";

    [Theory]
    [InlineData("4242 4242-4242 4242", "visa", "4242")]
    [InlineData("5555555555554444", "mastercard", "4444")]
    [InlineData("378282246310005", "amex", "0005")]
    public async Task A_card_becomes_a_token_that_says_nothing_of_its_number(string number, string brand, string last4)
    {
        using var customer = shop.Customer();
        var card = await customer.PostAsJsonAsync(Cards, shop.CardOf(number)).ShouldBeAsync(200);
        card.Text("brand").ShouldBe(brand);
        card.Text("last4").ShouldBe(last4);
        card.Text("token").ShouldNotContain(number.Replace(" ", "").Replace("-", "")[..12]);
    }

    [Theory]
    [InlineData("4242424242424241", 12, 2, "123", "number")]
    [InlineData("42424242424", 12, 2, "123", "number")]
    [InlineData("424242424242424242424", 12, 2, "123", "number")]
    [InlineData("4242 4242 4242 424x", 12, 2, "123", "number")]
    [InlineData("٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", 12, 2, "123", "number")]
    [InlineData("", 12, 2, "123", "number")]
    [InlineData(TestCards.Approved, 13, 2, "123", "expiryMonth")]
    [InlineData(TestCards.Approved, 0, 2, "123", "expiryMonth")]
    [InlineData(TestCards.Approved, -2147483648, 2, "123", "expiryMonth")]
    [InlineData(TestCards.Approved, 12, -1, "123", "expiryYear")]
    [InlineData(TestCards.Approved, 12, 100, "123", "expiryYear")]
    [InlineData(TestCards.Approved, 12, 2, "12", "cvc")]
    [InlineData(TestCards.Approved, 12, 2, "12345", "cvc")]
    [InlineData(TestCards.Approved, 12, 2, "abc", "cvc")]
    public async Task A_card_that_cannot_be_is_refused_by_the_field_that_is_wrong(string number, int month, int yearsFromNow, string cvc, string field)
    {
        using var customer = shop.Customer();
        var problem = await customer.PostAsJsonAsync(Cards, new { number, expiryMonth = month, expiryYear = shop.Clock.GetUtcNow().Year + yearsFromNow, cvc })
            .ShouldFailAsync(400, "request.invalid");
        problem["errors"]!.AsObject().Select(e => e.Key).ShouldBe([field]);
        if (number.Length > 0)
        {
            problem.ToJsonString().ShouldNotContain(number);
        }
    }

    [Fact]
    public async Task A_card_that_expired_last_month_is_refused()
    {
        using var customer = shop.Customer();
        var lastMonth = shop.Clock.GetUtcNow().AddMonths(-1);
        await customer.PostAsJsonAsync(Cards, new { number = TestCards.Approved, expiryMonth = lastMonth.Month, expiryYear = lastMonth.Year, cvc = "123" })
            .ShouldFailAsync(400, "request.invalid");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"number":4242424242424242,"expiryMonth":12,"expiryYear":2030,"cvc":"123"}""")]
    [InlineData("""{"number":"4242424242424242","expiryMonth":"12","expiryYear":2030,"cvc":"123"}""")]
    [InlineData("""{"number":"4242424242424242","expiryMonth":12,"expiryYear":99999999999,"cvc":"123"}""")]
    [InlineData("""{"number":null,"expiryMonth":12,"expiryYear":2030,"cvc":"123"}""")]
    [InlineData("""{"number":"4242424242424242","expiryMonth":12,"expiryYear":2030}""")]
    [InlineData("""{"number":"4242424242424242","expiryMonth":12,"expiryYear":2030,"cvc":"123","pin":"0000"}""")]
    public async Task What_is_not_the_documented_json_is_malformed(string body)
    {
        using var customer = shop.Customer();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        (await customer.PostAsync(new Uri(Cards, UriKind.Relative), content).ShouldFailAsync(400, "request.malformed")).ToJsonString().ShouldNotContain("42424242");
    }

    [Fact]
    public async Task A_number_of_a_megabyte_is_refused()
    {
        using var customer = shop.Customer();
        await customer.PostAsJsonAsync(Cards, shop.CardOf(new string('4', 1_000_000))).ShouldFailAsync(400, "request.invalid");
    }

    [Fact]
    public async Task Only_customers_add_cards()
    {
        using var anonymous = shop.Anonymous();
        await anonymous.PostAsJsonAsync(Cards, shop.CardOf(TestCards.Approved)).ShouldFailAsync(401, "request.unauthenticated");
        using var operators = shop.Operator();
        await operators.PostAsJsonAsync(Cards, shop.CardOf(TestCards.Approved)).ShouldFailAsync(403, "request.forbidden");
        using var expired = shop.ExpiredCustomer();
        await expired.PostAsJsonAsync(Cards, shop.CardOf(TestCards.Approved)).ShouldFailAsync(401, "request.unauthenticated");
    }

    [Fact]
    public async Task The_number_is_in_no_row_of_the_shop()
    {
        var order = await shop.CapturedAsync();
        var token = await shop.TokenAsync(order.CustomerId);

        var rows = await shop.DumpAsync("Payments");
        rows.ShouldContain(token, customMessage: "the token is stored, so this test looks in the right place");
        rows.ShouldNotContain(TestCards.Approved);
    }
}
