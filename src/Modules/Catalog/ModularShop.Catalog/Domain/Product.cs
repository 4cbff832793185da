using ModularShop.Catalog.Contracts;

namespace ModularShop.Catalog.Domain;

internal enum ProductStatus
{
    Active,
    Discontinued,
}

/// <summary>Something the shop sells. How much of it there is, is <see cref="StockItem"/>'s business.</summary>
internal sealed class Product : AggregateRoot
{
    private readonly List<ProductAttribute> _attributes = [];

    public required string Sku { get; init; }

    public required string Name { get; set; }

    public required string Description { get; set; }

    public required string Brand { get; set; }

    public Guid CategoryId { get; set; }

    public Money Price { get; private set; }

    public int WeightGrams { get; set; }

    public ProductStatus Status { get; private set; }

    /// <summary>The name as it sorts: folded, with the sku as tie-breaker elsewhere.</summary>
    public string NameKey { get; private set; } = "";

    /// <summary>What a search looks in: sku, name, brand and description, folded.</summary>
    public string SearchText { get; private set; } = "";

    public IReadOnlyList<ProductAttribute> Attributes => _attributes;

    public bool IsActive => Status is ProductStatus.Active;

    public static Product Create(string sku, string name, Money price)
    {
        var product = new Product { Sku = sku, Name = name, Description = "", Brand = "", Price = price };
        product.Index();
        return product;
    }

    public Result ChangePrice(Money price)
    {
        if (!IsActive)
        {
            return CatalogError.ProductDiscontinued.Because($"{Sku} is discontinued; its price stays as it is.");
        }

        if (price.Currency != Price.Currency)
        {
            return CatalogError.CurrencyChanged.Because($"{Sku} is sold in {Price.Currency}; a price in {price.Currency} would make it another product.");
        }

        if (price != Price)
        {
            Publish(new ProductPriceChanged(Sku, Price, price));
            Price = price;
        }

        return Result.Ok;
    }

    public void Index()
    {
        NameKey = SearchKey.Fold(Name);
        SearchText = SearchKey.Fold($"{Sku} {Name} {Brand} {Description}");
    }
}

internal sealed class ProductAttribute
{
    public Guid ProductId { get; init; }

    public required string Name { get; init; }

    public required string Value { get; init; }
}
