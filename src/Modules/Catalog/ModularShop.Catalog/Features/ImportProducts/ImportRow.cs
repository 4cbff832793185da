namespace ModularShop.Catalog.Features.ImportProducts;

/// <summary>A good line. What is null is not said by the file and stays as it is.</summary>
internal sealed record ImportRow(
    int Line, string Sku, string Name, IReadOnlyList<string> Categories, Money Price, string? Description, string? Brand, int? Stock, bool? Discontinued,
    int? WeightGrams, IReadOnlyDictionary<string, string> Attributes);
