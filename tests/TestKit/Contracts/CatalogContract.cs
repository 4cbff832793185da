using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModularShop.Modularity.Security;
using Shouldly;
using Xunit;

namespace ModularShop.TestKit;

/// <summary>What Catalog's API promises, wherever the module runs and whoever answers.</summary>
public abstract partial class CatalogContract(IShopClients shop)
{
    private const string Products = "/api/v1/catalog/products";
    private const string Categories = "/api/v1/catalog/categories";

    /// <summary>A word only this test's products have.</summary>
    private readonly string _word = $"w{Guid.CreateVersion7():N}";

    [Fact]
    public async Task A_new_product_is_found_at_its_address()
    {
        using var operators = shop.Operator();
        await shop.AddCategoryAsync("test-products");
        var sku = $"new-{Guid.CreateVersion7():N}";
        using var created = await operators.PostAsJsonAsync(Products, Body(sku, attributes: new(StringComparer.Ordinal) { ["colour"] = "blue" }));
        ((int)created.StatusCode).ShouldBe(201);

        using var anyone = shop.Anonymous();
        var product = await anyone.GetAsync(new Uri(created.Headers.Location!.IsAbsoluteUri ? created.Headers.Location.PathAndQuery : created.Headers.Location.ToString(), UriKind.Relative)).ShouldBeAsync(200);
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

        var product = await ProductAsync(sku);
        product["name"]!.GetValue<string>().ShouldBe("Renamed");
        product["categoryPath"]!.GetValue<string>().ShouldBe("other-products");
        product["attributes"]!.ToJsonString().ShouldBe("""{"colour":"green"}""");
        product["version"]!.GetValue<int>().ShouldBe(3);
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
        (await ProductAsync(sku))["price"]!["amount"]!.GetValue<long>().ShouldBe(1300);
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
    public async Task A_discontinued_product_leaves_the_lists_and_comes_back()
    {
        var sku = await shop.AddProductAsync(name: _word);
        using var operators = shop.Operator();
        await operators.PostAsync(new Uri($"{Products}/{sku}/discontinue", UriKind.Relative), null).ShouldHaveStatusAsync(204);
        (await PagesAsync($"search={_word}")).ShouldBeEmpty();
        (await ProductAsync(sku))["status"]!.GetValue<string>().ShouldBe("discontinued", "old orders link to it");
        await PriceAsync(operators, sku, 1).ShouldFailAsync(409, "catalog.product_discontinued");
        await operators.PostAsync(new Uri($"{Products}/{sku}/reinstate", UriKind.Relative), null).ShouldHaveStatusAsync(204);
        (await PagesAsync($"search={_word}")).ShouldBe([sku]);
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
        var body = JsonSerializer.SerializeToNode(Body("valid-sku"))!;
        body[field] = value is string text && text.StartsWith('{') ? JsonNode.Parse(text) : JsonSerializer.SerializeToNode(value);
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
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        await operators.PostAsync(new Uri(Products, UriKind.Relative), body).ShouldFailAsync(400, "request.malformed");
    }

    [Fact]
    public async Task Text_that_is_too_long_is_refused()
    {
        using var operators = shop.Operator();
        var attributes = Enumerable.Range(0, 51).ToDictionary(i => $"a{i}", _ => "x", StringComparer.Ordinal);
        await operators.PostAsJsonAsync(Products, Body("x", name: new string('n', 1_000_000))).ShouldFailAsync(400, "request.invalid");
        await operators.PostAsJsonAsync(Products, Body("x", attributes: attributes)).ShouldFailAsync(400, "request.invalid");
        await operators.GetAsync(new Uri($"{Products}/{new string('x', 5000)}", UriKind.Relative)).ShouldFailAsync(404, "catalog.product_not_found");
    }

    [Fact]
    public async Task A_price_of_a_product_that_does_not_exist_cannot_be_changed()
    {
        using var operators = shop.Operator();
        await PriceAsync(operators, "nope", 100).ShouldFailAsync(404, "catalog.product_not_found");
    }

    [Fact]
    public async Task What_a_price_cannot_be_is_named()
    {
        using var operators = shop.Operator();
        var problem = await operators.PutAsJsonAsync($"{Products}/nope/price", new { price = new { amount = -1, currency = "XXX" } }).ShouldFailAsync(400, "request.invalid");
        problem["errors"]!["price.currency"]![0]!.GetValue<string>().ShouldContain("XXX");
        problem["errors"]!["price.amount"].ShouldNotBeNull();
        var sku = await shop.AddProductAsync();
        await operators.PutAsJsonAsync($"{Products}/{sku}/price", new { price = new { amount = 1, currency = "USD" } }).ShouldFailAsync(422, "catalog.currency_changed");
    }

    [Fact]
    public async Task A_restock_that_is_repeated_counts_once()
    {
        var sku = await shop.AddProductAsync(stock: 10);
        for (var i = 0; i < 3; i++)
        {
            (await AdjustAsync(sku, 5, "delivery-1").ShouldBeAsync<StockFigures>(200)).ShouldBe(new StockFigures(sku, 15, 0, 15));
        }

        await AdjustAsync(sku, 6, "delivery-1").ShouldFailAsync(422, "catalog.idempotency_key_reused");
        await AdjustAsync(sku, -16, "lost").ShouldFailAsync(409, "catalog.stock_out_of_range");
        (await ProductAsync(sku))["available"]!.GetValue<int>().ShouldBe(15);
    }

    [Fact]
    public async Task An_import_creates_updates_and_names_what_it_rejects()
    {
        await shop.AddCategoryAsync("test-products");
        using var operators = shop.Operator();
        var csv = $"sku,name,category,price,currency\nI-{_word[..20]},Imported,test-products,12.50,EUR\nbad sku,x,test-products,1.00,EUR\n";
        foreach (var (created, unchanged) in new[] { (1, 0), (0, 1) })
        {
            using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(csv)) { Headers = { ContentType = new("text/csv") } };
            var report = await operators.PostAsync(new Uri($"{Products}/import", UriKind.Relative), body).ShouldBeAsync(200);
            (report["created"]!.GetValue<int>(), report["unchanged"]!.GetValue<int>(), report["rejected"]!.GetValue<int>()).ShouldBe((created, unchanged, 1));
            report["errors"]![0]!["line"]!.GetValue<int>().ShouldBe(3);
        }
    }

    [Fact]
    public async Task A_category_is_made_of_the_names_counts_what_is_below_it_and_keeps_its_path()
    {
        using var operators = shop.Operator();
        await shop.AddProductAsync(category: $"{_word}/a");
        await shop.AddProductAsync(category: $"{_word}/a/deep");
        (await operators.PostAsJsonAsync(Categories, new { name = "Çédille/Straße", parentPath = $"{_word}/A" }).ShouldBeAsync(201))["path"]!.GetValue<string>().ShouldBe($"{_word}/a/cedille-strasse");
        await operators.PutAsJsonAsync($"{Categories}/{_word}/a", new { name = "Kind" }).ShouldHaveStatusAsync(204);
        using var anyone = shop.Anonymous();
        var tree = (await anyone.GetAsync(new Uri(Categories, UriKind.Relative)).ShouldBeAsync(200))["items"]!.AsArray().Single(c => c!["path"]!.GetValue<string>() == _word)!;
        tree["products"]!.GetValue<int>().ShouldBe(2);
        (tree["children"]![0]!["name"]!.GetValue<string>(), tree["children"]![0]!["path"]!.GetValue<string>()).ShouldBe(("Kind", $"{_word}/a"));
        await operators.PostAsJsonAsync(Categories, new { name = _word.ToUpperInvariant() }).ShouldFailAsync(409, "catalog.category_exists");
        await operators.PostAsJsonAsync(Categories, new { name = "x", parentPath = "nope" }).ShouldFailAsync(422, "catalog.unknown_category");
        await operators.PutAsJsonAsync($"{Categories}/{_word}/nope", new { name = "Kind" }).ShouldFailAsync(404, "catalog.category_not_found");
    }

    [Fact]
    public async Task Only_operators_change_products()
    {
        var sku = await shop.AddProductAsync();
        using var customer = shop.Customer();
        using var anyone = shop.Anonymous();
        using var forged = shop.With(TestTokens.Forge(Guid.CreateVersion7(), Access.Operator, TimeProvider.System.GetUtcNow()));
        await customer.PostAsJsonAsync(Products, Body("x")).ShouldFailAsync(403, "request.forbidden");
        await customer.PostAsync(new Uri($"{Products}/{sku}/discontinue", UriKind.Relative), null).ShouldFailAsync(403, "request.forbidden");
        await customer.GetAsync(new Uri($"{Products}/{sku}/stock", UriKind.Relative)).ShouldFailAsync(403, "request.forbidden");
        await customer.PostAsJsonAsync($"{Products}/{sku}/stock", new { quantity = 1, reason = "gift" }).ShouldFailAsync(403, "request.forbidden");
        await PriceAsync(customer, sku, 1).ShouldFailAsync(403, "request.forbidden");
        await customer.PostAsJsonAsync(Categories, new { name = _word }).ShouldFailAsync(403, "request.forbidden");
        await anyone.PostAsJsonAsync(Products, Body("x")).ShouldFailAsync(401, "request.unauthenticated");
        await anyone.PutAsJsonAsync($"{Categories}/{_word}", new { name = "x" }).ShouldFailAsync(401, "request.unauthenticated");
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

    private async Task<HttpResponseMessage> AdjustAsync(string sku, int quantity, string key)
    {
        using var operators = shop.Operator();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{Products}/{sku}/stock", UriKind.Relative)) { Content = JsonContent.Create(new { quantity, reason = "counted" }) };
        request.Headers.Add("Idempotency-Key", key);
        return await operators.SendAsync(request);
    }

    /// <summary>As somebody who is nobody sees it.</summary>
    private async Task<JsonNode> ProductAsync(string sku)
    {
        using var anyone = shop.Anonymous();
        return await anyone.GetAsync(new Uri($"{Products}/{sku}", UriKind.Relative)).ShouldBeAsync(200);
    }
}
