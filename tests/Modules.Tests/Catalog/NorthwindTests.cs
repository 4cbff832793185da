using System.Globalization;

namespace Modules.Tests.Catalog;

/// <summary>Real input: a shop of its own, so that what is counted is Northwind and nothing else.</summary>
public sealed class NorthwindTests(CatalogShop shop) : IClassFixture<CatalogShop>
{
    [NorthwindFact]
    public async Task All_of_Northwind_goes_in_with_exact_prices_and_its_eight_categories()
    {
        var file = NorthwindFactAttribute.Products;
        var lines = await File.ReadAllLinesAsync(file);
        (await shop.ImportAsync(await File.ReadAllBytesAsync(file))).Counts().ShouldBe((77, 0, 0, 0));
        (await shop.ImportAsync(await File.ReadAllBytesAsync(file))).Counts().ShouldBe((0, 0, 77, 0));

        using var operators = shop.Operator();
        var categories = (await operators.GetAsync(new Uri("/api/v1/catalog/categories", UriKind.Relative)).ShouldBeAsync(200))["items"]!.AsArray();
        categories.Select(c => c!["path"]!.GetValue<string>()).ShouldBe(
            ["beverages", "condiments", "confections", "dairy-products", "grains-cereals", "meat-poultry", "produce", "seafood"]);
        categories.Single(c => c!["path"]!.GetValue<string>() == "grains-cereals")!["name"]!.GetValue<string>().ShouldBe("Grains/Cereals");
        categories.Sum(c => c!["products"]!.GetValue<int>()).ShouldBe(lines.Skip(1).Count(l => l.EndsWith(",f", StringComparison.Ordinal)), "those still on sale");

        (await operators.AllPagesAsync("status=all&size=10")).Order(StringComparer.Ordinal).ShouldBe(lines.Skip(1).Select(l => l.Split(',')[0]));
        foreach (var line in lines.Skip(1))
        {
            // Price, currency, stock and the flag are the last four cells and never quoted.
            var cells = line.Split(',')[^4..];
            var product = await shop.ProductAsync(line.Split(',')[0]);
            var minor = (long)(decimal.Parse(cells[0], CultureInfo.InvariantCulture) * 100);
            product["price"]!.ToJsonString().ShouldBe($$"""{"amount":{{minor}},"currency":"USD"}""", line);
            product["available"]!.GetValue<int>().ShouldBe(int.Parse(cells[2], CultureInfo.InvariantCulture), line);
            product["status"]!.GetValue<string>().ShouldBe(cells[3] == "t" ? "discontinued" : "active", line);
        }

        await ABrokenCopyReportsEachBrokenLineAsync(lines);
    }

    private async Task ABrokenCopyReportsEachBrokenLineAsync(string[] lines)
    {
        var broken = lines.ToArray();
        broken[4] = broken[4].Replace(",22.00,", ",twenty,", StringComparison.Ordinal);
        broken[10] = broken[10].Replace(",USD,", ",USS,", StringComparison.Ordinal);
        broken[1] = broken[1].Replace("Ltd.\"", "Ltd.", StringComparison.Ordinal);
        broken[76] = broken[76].Replace("NW-0076", "NW-0002", StringComparison.Ordinal);
        broken[40] += ",surplus";
        var report = await shop.ImportAsync(string.Join("\r\n", broken));

        report.Counts().ShouldBe((0, 0, 72, 5));
        report.Errors().Select(e => (e.Line, e.Column)).ShouldBe([(2, "brand"), (5, "price"), (11, "currency"), (41, null), (77, "sku")]);
    }
}
