using System.Text;
using ModularShop.Catalog.Contracts;
using ModularShop.Contracts;

namespace Modules.Tests.Catalog;

[Collection(Shop.Name)]
public sealed class ImportTests(ShopFixture shop)
{
    private const string Header = "sku,name,category,price,currency";

    /// <summary>Of this test alone.</summary>
    private readonly string _p = $"I{Guid.CreateVersion7():N}".ToUpperInvariant()[..33];

    [Fact]
    public async Task Products_are_created_with_all_that_the_file_says()
    {
        var report = await shop.ImportAsync($"""
            sku,name,category,price,currency,brand,description,stock,discontinued,quantity_per_unit,weight_grams,attributes
            {_p}-1,"Pan, large",{_p} > Pots & Pans,59.90,EUR,Grethold,"Heavy.
            ""Iron"".",12,f,6 per box,1950,material=Steel;colour = Black=ish
            {_p}-2,Yen plate,{_p} > Grains/Cereals,1200,JPY,,,,t,,,
            """);
        report.Counts().ShouldBe((2, 0, 0, 0));
        report["truncated"]!.GetValue<bool>().ShouldBeFalse();

        var pan = await shop.ProductAsync($"{_p}-1");
        pan["name"]!.GetValue<string>().ShouldBe("Pan, large");
        pan["description"]!.GetValue<string>().ShouldBe("Heavy.\n\"Iron\".");
        (pan["category"]!.GetValue<string>(), pan["categoryPath"]!.GetValue<string>()).ShouldBe(("Pots & Pans", $"{_p.ToLowerInvariant()}/pots-pans"));
        pan["price"]!.ToJsonString().ShouldBe("""{"amount":5990,"currency":"EUR"}""");
        pan["available"]!.GetValue<int>().ShouldBe(12);
        pan["weightGrams"]!.GetValue<int>().ShouldBe(1950);
        pan["attributes"]!.AsObject().Select(a => $"{a.Key}={a.Value}").Order(StringComparer.Ordinal).ShouldBe(["colour=Black=ish", "material=Steel", "quantity_per_unit=6 per box"]);
        var plate = await shop.ProductAsync($"{_p}-2");
        (plate["status"]!.GetValue<string>(), plate["categoryPath"]!.GetValue<string>()).ShouldBe(("discontinued", $"{_p.ToLowerInvariant()}/grains-cereals"));
        plate["price"]!.ToJsonString().ShouldBe("""{"amount":1200,"currency":"JPY"}""");
    }

    [Fact]
    public async Task A_second_run_changes_nothing()
    {
        var csv = $"sku,name,category,price,currency,stock,attributes,discontinued\n{_p}-1,One,{_p},1.00,EUR,5,a=b;c=d,f\n{_p}-2,Two,{_p},2.00,EUR,6,,t\n";
        (await shop.ImportAsync(csv)).Counts().ShouldBe((2, 0, 0, 0));
        await shop.DeliverAsync("Catalog", "Ordering", "order/x", new ReserveStock(Guid.CreateVersion7(), [new StockLine($"{_p}-1", 2)], shop.Clock.GetUtcNow().AddHours(1)));
        var before = await shop.ProductAsync($"{_p}-1");

        (await shop.ImportAsync(csv)).Counts().ShouldBe((0, 0, 2, 0));

        (await shop.ProductAsync($"{_p}-1")).ToJsonString().ShouldBe(before.ToJsonString(), "the version is part of it");
        before["available"]!.GetValue<int>().ShouldBe(3);
        await shop.SettledAsync();
        shop.Published<ProductPriceChanged>(m => m.Sku.StartsWith(_p, StringComparison.Ordinal)).ShouldBeEmpty();
        shop.Published<ProductDiscontinued>(m => m.Sku.StartsWith(_p, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_differs_is_brought_up_to_the_file_and_told_to_others()
    {
        await shop.ImportAsync($"{Header},brand,stock,attributes,discontinued\n{_p}-1,One,{_p},1.00,EUR,Old,5,a=1;b=2,f\n{_p}-2,Two,{_p},2.00,EUR,,,,t\n{_p}-3,Three,{_p},3.00,EUR,,,,\n");
        var report = await shop.ImportAsync($"{Header},brand,stock,attributes,discontinued\n{_p}-1,Uno,{_p} > Sub,1.50,EUR,,99,b=3,t\n{_p}-2,Two,{_p},2.50,EUR,,,,f\n{_p}-3,Three,{_p},3.00,EUR,,7,,\n");
        report.Counts().ShouldBe((0, 2, 1, 0));

        var one = await shop.ProductAsync($"{_p}-1");
        (one["name"]!.GetValue<string>(), one["brand"]!.GetValue<string>(), one["category"]!.GetValue<string>()).ShouldBe(("Uno", "Old", "Sub"), "an empty cell says nothing");
        one["available"]!.GetValue<int>().ShouldBe(5, "the stock of a product that is there is not the import's business");
        one["attributes"]!["a"]!.GetValue<string>().ShouldBe("1");
        one["attributes"]!["b"]!.GetValue<string>().ShouldBe("3");
        (await shop.ProductAsync($"{_p}-2"))["status"]!.GetValue<string>().ShouldBe("active");
        (await shop.PublishedAsync<ProductPriceChanged>(m => m.Sku == $"{_p}-1")).NewPrice.ShouldBe(new Money(150, "EUR"));
        await shop.PublishedAsync<ProductPriceChanged>(m => m.Sku == $"{_p}-2");
        await shop.PublishedAsync<ProductDiscontinued>(m => m.Sku == $"{_p}-1");
    }

    [Fact]
    public async Task Every_bad_line_is_reported_and_the_good_ones_go_in()
    {
        await shop.ImportAsync($"{Header}\n{_p}-USD,Known,{_p},1.00,USD\n");
        var report = await shop.ImportAsync(string.Join("\r\n",
            "sku,name,category,price,currency,stock,discontinued,weight_grams,attributes",
            $"{_p}-1,Good,{_p},1.00,EUR,,,,",
            $"{_p}-2,,{_p},1.00,EUR,,,,",
            $"{_p}-3,Currency,{_p},1.00,XXX,,,,",
            $"{_p}-4,Decimals,{_p},1.005,EUR,,,,",
            $"{_p}-5,Yen decimals,{_p},1.5,JPY,,,,",
            $"{_p}-6,Stock,{_p},1.00,EUR,-1,,,",
            $"{_p}-7,Price,{_p},free,EUR,,,,",
            $"{_p}-8,Price,{_p},0.00,EUR,,,,",
            $"{_p}-9,Price,{_p},99999999999999999999,EUR,,,,",
            $"{_p}-1,Again,{_p},1.00,EUR,,,,",
            $"{_p}-usd,Other currency,{_p},1.00,EUR,,,,",
            $"sp ace,Sku,{_p},1.00,EUR,,,,",
            $"{_p}-10,Few,{_p},1.00",
            $"{_p}-11,Flags,{_p} > !!!,1.00,EUR,1.5,maybe,99999999999,novalue",
            $"{_p}-12,{new string('n', 201)},{_p},1.00,EUR,,,,",
            $"{_p}-13,\"Two",
            $"lines\",{_p},-1,EUR,,,,",
            $"{_p}-14,\"Open,{_p},1.00,EUR,,,,",
            $"{_p}-15,Nul\0,{_p},1.00,EUR,,,,",
            $"{_p}-16,Good too,{_p},1.00,EUR,,,,"));

        report.Counts().ShouldBe((2, 0, 0, 17));
        var errors = report.Errors();
        errors.Select(e => (e.Line, e.Column)).ShouldBe(
        [
            (3, "name"), (4, "currency"), (5, "price"), (6, "price"), (7, "stock"), (8, "price"), (9, "price"), (10, "price"), (11, "sku"),
            (12, "currency"), (13, "sku"), (14, null), (15, "category"), (15, "stock"), (15, "discontinued"), (15, "weight_grams"), (15, "attributes"),
            (16, "name"), (17, "price"), (19, "name"), (20, "name"),
        ]);
        Reason(4).ShouldContain("'XXX'");
        Reason(5).ShouldContain("more decimals than EUR");
        Reason(7).ShouldContain("'-1'");
        Reason(11).ShouldContain("line 2");
        Reason(12).ShouldContain("sold in USD");
        Reason(14).ShouldContain("4 fields; the first line names 9");
        Reason(19).ShouldContain("never closed");
        await shop.ProductAsync($"{_p}-1");
        await shop.ProductAsync($"{_p}-16");

        string Reason(int line) => errors.First(e => e.Line == line).Reason;
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("sku,name,price\nA,B,1", "'category' is missing. 'currency' is missing.")]
    [InlineData("sku,name,category,price,currency,colour\n", "'colour' is unknown")]
    [InlineData("sku,name,category,price,currency,SKU\n", "'sku' is there more than once")]
    [InlineData("\"sku,name,category,price,currency\nA,B,C,1,EUR", "quote is never closed")]
    [InlineData("{\"sku\":1}", "does not begin with one")]
    public async Task A_file_whose_first_line_is_wrong_is_refused_as_a_whole(string csv, string reason)
    {
        var problem = await shop.ImportAsync(csv, 422);
        problem["code"]!.GetValue<string>().ShouldBe("catalog.import_header");
        problem["detail"]!.GetValue<string>().ShouldContain(reason);
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_part_of_the_first_column()
    {
        (await shop.ImportAsync([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes($"{Header}\r\n{_p},Crêpe,{_p},1.00,EUR\r\n")])).Counts().ShouldBe((1, 0, 0, 0));
        (await shop.ProductAsync(_p))["name"]!.GetValue<string>().ShouldBe("Crêpe");
    }

    [Fact]
    public async Task What_is_not_utf8_is_reported_and_only_that()
    {
        var report = await shop.ImportAsync(Encoding.Latin1.GetBytes($"{Header}\n{_p}-1,Crêpe,{_p},1.00,EUR\n{_p}-2,Plain,{_p},1.00,EUR\n"));
        report.Counts().ShouldBe((1, 0, 0, 1));
        report.Errors().ShouldHaveSingleItem().ShouldBe((2, "name", "It is not valid UTF-8."));
    }

    [Fact]
    public async Task Of_very_many_errors_the_first_thousand_are_listed()
    {
        var report = await shop.ImportAsync($"{Header}\n" + string.Concat(Enumerable.Range(0, 1200).Select(i => $"{_p}-{i},,{_p},x,EUR\n")));
        report.Counts().ShouldBe((0, 0, 0, 1200));
        report["truncated"]!.GetValue<bool>().ShouldBeTrue();
        report.Errors().Count.ShouldBe(1000);
    }

    [Fact]
    public async Task Files_of_many_batches_go_in_whole_also_two_at_a_time()
    {
        var csv = $"{Header},stock\n" + string.Concat(Enumerable.Range(0, 900).Select(i => $"{_p}-{i:D4},Number {i},{_p} > C{i % 7},1.00,EUR,3\n"));
        var reports = await Task.WhenAll(shop.ImportAsync(csv), shop.ImportAsync(csv));
        reports.Sum(r => r.Counts().Created).ShouldBe(900);
        reports.Sum(r => r.Counts().Unchanged).ShouldBe(900);
        using var anyone = shop.Anonymous();
        (await anyone.AllPagesAsync($"category={_p}&size=100")).Count.ShouldBe(900);
    }

    [Fact]
    public async Task Only_operators_import_and_only_csv()
    {
        using var customer = shop.Customer();
        using var operators = shop.Operator();
        var address = new Uri($"{CatalogShop.Products}/import", UriKind.Relative);
        await customer.PostAsync(address, new StringContent(Header, Encoding.UTF8, "text/csv")).ShouldFailAsync(403, "request.forbidden");
        await operators.PostAsync(address, new StringContent("{}", Encoding.UTF8, "application/json")).ShouldFailAsync(415, "request.unsupported_media_type");
    }
}
