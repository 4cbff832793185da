using ModularShop.Catalog.Contracts;
using ModularShop.Contracts;

namespace Modules.Tests.Catalog;

[Collection(Shop.Name)]
public sealed class ProductTests(ShopFixture shop)
{
    private static readonly Uri Products = new(CatalogShop.Products, UriKind.Relative);

    [Fact]
    public async Task A_new_product_is_found_at_its_address()
    {
        using var operators = shop.Operator();
        await shop.AddCategoryAsync("test-products");
        var sku = $"new-{Guid.CreateVersion7():N}";
        using var created = await operators.PostAsJsonAsync(Products, Body(sku, attributes: new(StringComparer.Ordinal) { ["colour"] = "blue" }));
        ((int)created.StatusCode).ShouldBe(201);

        var product = await operators.GetAsync(created.Headers.Location!).ShouldBeAsync(200);
        product["sku"]!.GetValue<string>().ShouldBe(sku.ToUpperInvariant());
        product["attributes"]!["colour"]!.GetValue<string>().ShouldBe("blue");
        product["status"]!.GetValue<string>().ShouldBe("active");
        await operators.PostAsJsonAsync(Products, Body(sku.ToUpperInvariant())).ShouldFailAsync(409, "catalog.sku_taken");
    }

    [Fact]
    public async Task An_edit_replaces_what_the_product_says_of_itself()
    {
        var sku = await shop.AddProductAsync();
        await shop.AddCategoryAsync("other-products");
        using var operators = shop.Operator();
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["colour"] = "red", ["size"] = "L" };
        await EditAsync(operators, sku, new { name = "Renamed", description = "d", brand = "b", category = "Other-Products", weightGrams = 7, attributes }).ShouldHaveStatusAsync(204);
        attributes.Remove("size");
        attributes["colour"] = "green";
        await EditAsync(operators, sku, new { name = "Renamed", description = "d", brand = "b", category = "other-products", weightGrams = 7, attributes }).ShouldHaveStatusAsync(204);

        var product = await shop.ProductAsync(sku);
        product["name"]!.GetValue<string>().ShouldBe("Renamed");
        product["categoryPath"]!.GetValue<string>().ShouldBe("other-products");
        product["attributes"]!.ToJsonString().ShouldBe("""{"colour":"green"}""");
        product["version"]!.GetValue<int>().ShouldBe(3);
    }

    [Fact]
    public async Task An_edit_that_changes_nothing_makes_no_new_version()
    {
        var sku = await shop.AddProductAsync();
        using var operators = shop.Operator();
        var edit = new { name = "Same", description = "", brand = "", category = "test-products", weightGrams = 0, attributes = new { a = "b" } };
        await EditAsync(operators, sku, edit).ShouldHaveStatusAsync(204);
        await EditAsync(operators, sku, edit).ShouldHaveStatusAsync(204);
        (await shop.ProductAsync(sku))["version"]!.GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public async Task Whoever_edits_what_somebody_else_has_changed_is_told()
    {
        var sku = await shop.AddProductAsync();
        using var operators = shop.Operator();
        using var read = await operators.GetAsync(new Uri($"{Products}/{sku}", UriKind.Relative));
        var seen = read.Headers.ETag!.ToString();

        await PriceAsync(operators, sku, 1100, seen).ShouldHaveStatusAsync(204);
        var problem = await PriceAsync(operators, sku, 1200, seen).ShouldFailAsync(412, "catalog.product_changed");
        problem["detail"]!.GetValue<string>().ShouldContain("\"2\"");
        await PriceAsync(operators, sku, 1200, "\"2\"").ShouldHaveStatusAsync(204);
        await PriceAsync(operators, sku, 1300, "*").ShouldHaveStatusAsync(204);
        await PriceAsync(operators, sku, 1400, "W/\"4\"").ShouldFailAsync(400, "request.invalid");
        (await shop.ProductAsync(sku))["price"]!["amount"]!.GetValue<long>().ShouldBe(1300);
    }

    [Fact]
    public async Task Of_many_edits_of_what_they_read_one_wins()
    {
        var sku = await shop.AddProductAsync();
        using var operators = shop.Operator();
        var answers = await Task.WhenAll(Enumerable.Range(1, 10).Select(i => PriceAsync(operators, sku, 2000 + i, "\"1\"")));
        answers.Count(a => (int)a.StatusCode == 204).ShouldBe(1);
        answers.Count(a => (int)a.StatusCode == 412).ShouldBe(9);
    }

    [Fact]
    public async Task A_new_price_is_told_to_others_once()
    {
        var sku = await shop.AddProductAsync(price: 1000);
        using var operators = shop.Operator();
        await PriceAsync(operators, sku, 1100).ShouldHaveStatusAsync(204);
        await PriceAsync(operators, sku, 1100).ShouldHaveStatusAsync(204);
        await shop.SettledAsync();
        shop.Published<ProductPriceChanged>(m => m.Sku == sku).ShouldBe([new ProductPriceChanged(sku, new Money(1000, "EUR"), new Money(1100, "EUR"))]);
        await operators.PutAsJsonAsync($"{Products}/{sku}/price", new { price = new { amount = 1, currency = "USD" } }).ShouldFailAsync(422, "catalog.currency_changed");
    }

    [Fact]
    public async Task A_discontinued_product_is_told_to_others_once_and_is_no_more_in_lists()
    {
        var sku = await shop.AddProductAsync();
        using var operators = shop.Operator();
        using var anyone = shop.Anonymous();
        for (var i = 0; i < 2; i++)
        {
            await operators.PostAsync(new Uri($"{Products}/{sku}/discontinue", UriKind.Relative), null).ShouldHaveStatusAsync(204);
        }

        await shop.SettledAsync();
        shop.Published<ProductDiscontinued>(m => m.Sku == sku).Count.ShouldBe(1);
        (await anyone.AllPagesAsync($"search={sku}")).ShouldBeEmpty();
        (await operators.AllPagesAsync($"search={sku}&status=discontinued")).ShouldBe([sku]);
        (await operators.AllPagesAsync($"search={sku}&status=all")).ShouldBe([sku]);
        (await shop.ProductAsync(sku))["status"]!.GetValue<string>().ShouldBe("discontinued", "old orders link to it");
        await PriceAsync(operators, sku, 1).ShouldFailAsync(409, "catalog.product_discontinued");

        await operators.PostAsync(new Uri($"{Products}/{sku}/reinstate", UriKind.Relative), null).ShouldHaveStatusAsync(204);
        (await anyone.AllPagesAsync($"search={sku}")).ShouldBe([sku]);
    }

    [Theory]
    [InlineData("sku", "a/b", "sku")]
    [InlineData("sku", "", "sku")]
    [InlineData("sku", "..", "sku")]
    [InlineData("name", "", "name")]
    [InlineData("name", "a\u0000b", "name")]
    [InlineData("stock", -1, "stock")]
    [InlineData("weightGrams", -1, "weightGrams")]
    [InlineData("price", """{"amount":0,"currency":"EUR"}""", "price.amount")]
    [InlineData("price", """{"amount":9223372036854775807,"currency":"EUR"}""", "price.amount")]
    [InlineData("price", """{"amount":1,"currency":"eur"}""", "price.currency")]
    [InlineData("attributes", """{"":"x"}""", "attributes")]
    public async Task What_a_product_cannot_be_is_named(string field, object value, string named)
    {
        using var operators = shop.Operator();
        var body = System.Text.Json.JsonSerializer.SerializeToNode(Body("valid-sku"))!;
        body[field] = value is string text && text.StartsWith('{') ? System.Text.Json.Nodes.JsonNode.Parse(text) : System.Text.Json.JsonSerializer.SerializeToNode(value);
        var problem = await operators.PostAsJsonAsync(Products, body).ShouldFailAsync(400, "request.invalid");
        problem["errors"]!.AsObject().Select(e => e.Key).ShouldBe([named]);
    }

    [Theory]
    [InlineData("""{"sku":"x""")]
    [InlineData("""{"sku":7,"name":"n","category":"c","price":{"amount":1,"currency":"EUR"}}""")]
    [InlineData("""{"sku":"x","name":"n","category":"c","price":{"amount":1.5,"currency":"EUR"}}""")]
    [InlineData("""{"sku":"x","name":"n","category":"c","price":null}""")]
    [InlineData("""{"sku":"x","name":null,"category":"c","price":{"amount":1,"currency":"EUR"}}""")]
    [InlineData("""{"sku":"x","name":"n","category":"c","price":{"amount":1,"currency":"EUR"},"stock":99999999999}""")]
    [InlineData("""{"sku":"x","name":"n","category":"c","price":{"amount":1,"currency":"EUR"},"unknown":1}""")]
    [InlineData("""{"name":"n"}""")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task What_is_no_product_at_all_is_malformed(string json)
    {
        using var operators = shop.Operator();
        await operators.PostAsync(Products, new StringContent(json, System.Text.Encoding.UTF8, "application/json")).ShouldFailAsync(400, "request.malformed");
    }

    [Fact]
    public async Task Text_that_is_too_long_is_refused()
    {
        using var operators = shop.Operator();
        var attributes = Enumerable.Range(0, 51).ToDictionary(i => $"a{i}", _ => "x", StringComparer.Ordinal);
        await operators.PostAsJsonAsync(Products, Body("x", name: new string('n', 1024 * 1024))).ShouldFailAsync(400, "request.invalid");
        await operators.PostAsJsonAsync(Products, Body("x", attributes: attributes)).ShouldFailAsync(400, "request.invalid");
        await operators.GetAsync(new Uri($"{Products}/{new string('x', 5000)}", UriKind.Relative)).ShouldFailAsync(404, "catalog.product_not_found");
    }

    [Fact]
    public async Task Only_operators_change_products()
    {
        var sku = await shop.AddProductAsync();
        using var customer = shop.Customer();
        using var anyone = shop.Anonymous();
        using var forged = shop.ForgedOperator();
        await customer.PostAsJsonAsync(Products, Body("x")).ShouldFailAsync(403, "request.forbidden");
        await customer.PostAsync(new Uri($"{Products}/{sku}/discontinue", UriKind.Relative), null).ShouldFailAsync(403, "request.forbidden");
        await customer.GetAsync(new Uri($"{Products}/{sku}/stock", UriKind.Relative)).ShouldFailAsync(403, "request.forbidden");
        await customer.PostAsJsonAsync($"{Products}/{sku}/stock", new { quantity = 1, reason = "gift" }).ShouldFailAsync(403, "request.forbidden");
        await anyone.PostAsJsonAsync(Products, Body("x")).ShouldFailAsync(401, "request.unauthenticated");
        await forged.PostAsync(new Uri($"{Products}/{sku}/reinstate", UriKind.Relative), null).ShouldFailAsync(401, "request.unauthenticated");
        await customer.GetAsync(new Uri($"{Products}?status=all", UriKind.Relative)).ShouldFailAsync(403, "request.forbidden");
        await customer.GetAsync(new Uri($"{Products}?status=Active", UriKind.Relative)).ShouldHaveStatusAsync(200);
        await EditAsync(customer, sku, new { name = "x", description = "", brand = "", category = "c", weightGrams = 0, attributes = new { } }).ShouldFailAsync(403, "request.forbidden");
    }

    private static object Body(string sku, string name = "A product", Dictionary<string, string>? attributes = null) =>
        new { sku, name, category = "test-products", price = new { amount = 1000, currency = "EUR" }, attributes = attributes ?? [] };

    private static Task<HttpResponseMessage> EditAsync(HttpClient client, string sku, object edit) => client.PutAsJsonAsync($"{Products}/{sku}", edit);

    private static Task<HttpResponseMessage> PriceAsync(HttpClient client, string sku, long amount, string? ifMatch = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, new Uri($"{Products}/{sku}/price", UriKind.Relative)) { Content = JsonContent.Create(new { price = new { amount, currency = "EUR" } }) };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return client.SendAsync(request);
    }
}
