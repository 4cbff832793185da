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
    public const int MaxNameLength = 200;

    public const int MaxBrandLength = 200;

    public const int MaxDescriptionLength = 4000;

    public const int MaxAttributes = 50;

    public const int MaxAttributeNameLength = 100;

    public const int MaxAttributeValueLength = 400;

    /// <summary>In grams: ten tonnes.</summary>
    public const int MaxWeight = 10_000_000;

    /// <summary>In minor units.</summary>
    public const long MaxPrice = 10_000_000_000;

    private readonly List<ProductAttribute> _attributes = [];

    public string Sku { get; private init; } = "";

    public string Name { get; private set; } = "";

    public string Description { get; private set; } = "";

    public string Brand { get; private set; } = "";

    public Guid CategoryId { get; private set; }

    public Money Price { get; private set; }

    public int WeightGrams { get; private set; }

    public ProductStatus Status { get; private set; }

    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>The name as it sorts: folded, with the sku as tie-breaker elsewhere.</summary>
    public string NameKey { get; private set; } = "";

    /// <summary>What a search looks in: sku, name, brand and description, folded.</summary>
    public string SearchText { get; private set; } = "";

    public IReadOnlyList<ProductAttribute> Attributes => _attributes;

    public bool IsActive => Status is ProductStatus.Active;

    public ProductDescription About => new(
        Name, Description, Brand, CategoryId, WeightGrams, _attributes.ToDictionary(a => a.Name, a => a.Value, StringComparer.Ordinal));

    public static Product Create(string sku, ProductDescription about, Money price, DateTimeOffset at, ProductStatus status = ProductStatus.Active)
    {
        var product = new Product { Sku = sku, Price = price, Status = status, CreatedAt = at };
        product.Describe(about);
        return product;
    }

    /// <summary>All that an operator can edit, as a whole. False where nothing is different.</summary>
    public bool Describe(ProductDescription about)
    {
        if (about.SameAs(About))
        {
            return false;
        }

        (Name, Description, Brand, CategoryId, WeightGrams) = (about.Name, about.Description, about.Brand, about.CategoryId, about.WeightGrams);
        _attributes.RemoveAll(a => !about.Attributes.ContainsKey(a.Name));
        foreach (var (name, value) in about.Attributes)
        {
            if (_attributes.Find(a => a.Name == name) is { } known)
            {
                known.Value = value;
            }
            else
            {
                _attributes.Add(new ProductAttribute { ProductId = Id, Name = name, Value = value });
            }
        }

        NameKey = SearchKey.Fold(Name);
        SearchText = SearchKey.Fold($"{Sku} {Name} {Brand} {Description}");
        return true;
    }

    public Result ChangePrice(Money price)
    {
        if (!IsActive)
        {
            return CatalogError.ProductDiscontinued.Because($"{Sku} is discontinued; its price stays as it is. Reinstate it first.");
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

    /// <summary>It is sold no more. What is on order stays so.</summary>
    public void Discontinue()
    {
        if (IsActive)
        {
            Status = ProductStatus.Discontinued;
            Publish(new ProductDiscontinued(Sku));
        }
    }

    /// <summary>It is sold again.</summary>
    public void Reinstate() => Status = ProductStatus.Active;
}

internal sealed class ProductAttribute
{
    public Guid ProductId { get; init; }

    public required string Name { get; init; }

    public required string Value { get; set; }
}

/// <summary>What a product is, apart from its price.</summary>
internal sealed record ProductDescription(
    string Name, string Description, string Brand, Guid CategoryId, int WeightGrams, IReadOnlyDictionary<string, string> Attributes)
{
    public bool SameAs(ProductDescription other) =>
        this with { Attributes = other.Attributes } == other
        && Attributes.Count == other.Attributes.Count
        && Attributes.All(a => other.Attributes.TryGetValue(a.Key, out var value) && value == a.Value);
}
