using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Features;

/// <summary>What the answers that are kept are made of, and which of them a change is in.</summary>
internal static class CatalogAnswers
{
    /// <summary>Which products there are, and what they say of themselves.</summary>
    public static readonly AnswerTag Products = new("catalog/products");

    /// <summary>How many pieces of them there are.</summary>
    public static readonly AnswerTag Stock = new("catalog/stock");

    public static readonly AnswerTag Categories = new("catalog/categories");

    public static AnswerTag Product(string sku) => new("catalog/product", Sku.Normalise(sku));

    public static IEnumerable<AnswerTag> Of(object changed) => changed switch
    {
        Product product => [Product(product.Sku), Products],
        StockItem stock => [Product(stock.Sku), Stock],
        Category => [Categories],
        _ => [],
    };
}
