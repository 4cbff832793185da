using System.Net.Http.Json;
using Shouldly;

namespace ModularShop.TestKit;

/// <summary>Products for tests, of their own each, so that suites can share one shop.</summary>
public static class ShopProducts
{
    private const string Category = "test-products";

    /// <summary>A new product with pieces on hand; returns its sku.</summary>
    /// <param name="price">In minor units.</param>
    public static async Task<string> AddProductAsync(
        this IShopClients shop, long price = 1000, int stock = 10, string currency = "EUR", int weightGrams = 500, string? sku = null, string? name = null, string category = Category)
    {
        sku ??= $"T-{Guid.CreateVersion7():N}".ToUpperInvariant();
        using var operators = shop.Operator();
        await shop.AddCategoryAsync(category);
        await operators.PostAsJsonAsync("/api/v1/catalog/products", new
        {
            sku, name = name ?? $"Test product {sku}", category, price = new { amount = price, currency }, stock, weightGrams,
        }).ShouldHaveStatusAsync(201);
        return sku;
    }

    /// <summary>Makes sure that the category is there, and those above it.</summary>
    public static async Task AddCategoryAsync(this IShopClients shop, string path)
    {
        using var operators = shop.Operator();
        string? parent = null;
        foreach (var name in path.Split('/'))
        {
            using var response = await operators.PostAsJsonAsync("/api/v1/catalog/categories", new { name, parentPath = parent });
            ((int)response.StatusCode).ShouldBeOneOf(201, 409);
            parent = parent is null ? name : $"{parent}/{name}";
        }
    }

    /// <summary>What is left of a product for others to buy.</summary>
    public static async Task<StockFigures> StockAsync(this IShopClients shop, string sku)
    {
        using var operators = shop.Operator();
        return await operators.GetAsync(new Uri($"/api/v1/catalog/products/{sku}/stock", UriKind.Relative)).ShouldBeAsync<StockFigures>(200);
    }
}

public sealed record StockFigures(string Sku, int OnHand, int Reserved, int Available);
