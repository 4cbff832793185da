using System.Text;
using System.Text.Json.Nodes;

namespace Modules.Tests.Catalog;

/// <summary>A shop of one suite alone: nobody else fills its catalogue or moves its clock, and its job runs when the suite says so.</summary>
public sealed class CatalogShop : ShopFixture
{
    public const string Products = "/api/v1/catalog/products";

    protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("Catalog:Jobs:ExpireReservations", "1.00:00:00")];
}

/// <summary>What the suites of the catalogue do over and over.</summary>
internal static class CatalogRequests
{
    public static Task<JsonNode> ImportAsync(this ShopFixture shop, string csv, int status = 200) => shop.ImportAsync(Encoding.UTF8.GetBytes(csv), status);

    public static async Task<JsonNode> ImportAsync(this ShopFixture shop, byte[] csv, int status = 200)
    {
        using var operators = shop.Operator();
        using var body = new ByteArrayContent(csv) { Headers = { ContentType = new("text/csv") } };
        return await operators.PostAsync(new Uri($"{CatalogShop.Products}/import", UriKind.Relative), body).ShouldBeAsync(status);
    }

    public static (int Created, int Updated, int Unchanged, int Rejected) Counts(this JsonNode report) =>
        (report["created"]!.GetValue<int>(), report["updated"]!.GetValue<int>(), report["unchanged"]!.GetValue<int>(), report["rejected"]!.GetValue<int>());

    public static IReadOnlyList<(int Line, string? Column, string Reason)> Errors(this JsonNode report) =>
        [.. report["errors"]!.AsArray().Select(e => (e!["line"]!.GetValue<int>(), e["column"]?.GetValue<string>(), e["reason"]!.GetValue<string>()))];

    public static async Task<JsonNode> ProductAsync(this ShopFixture shop, string sku)
    {
        using var anyone = shop.Anonymous();
        return await anyone.GetAsync(new Uri($"{CatalogShop.Products}/{sku}", UriKind.Relative)).ShouldBeAsync(200);
    }

    /// <summary>The skus of all pages; <paramref name="between"/> runs after each.</summary>
    public static async Task<List<string>> AllPagesAsync(this HttpClient client, string query, Func<Task>? between = null)
    {
        var skus = new List<string>();
        string? next = null;
        do
        {
            var page = await client.GetAsync(new Uri($"{CatalogShop.Products}?{query}{(next is null ? "" : $"&after={next}")}", UriKind.Relative)).ShouldBeAsync(200);
            skus.AddRange(page["items"]!.AsArray().Select(i => i!["sku"]!.GetValue<string>()));
            next = page["next"]?.GetValue<string>();
            if (between is not null)
            {
                await between();
            }
        }
        while (next is not null);
        return skus;
    }
}
