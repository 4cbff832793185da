using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Features.CreateProduct;

/// <param name="Category">Its path.</param>
/// <param name="Stock">Pieces on hand to begin with.</param>
internal sealed record CreateProduct(
    string Sku, string Name, string Category, Money Price, string Description = "", string Brand = "", int WeightGrams = 0, int Stock = 0,
    IReadOnlyDictionary<string, string>? Attributes = null) : ICommand<Result<CreatedProduct>>;

internal sealed record CreatedProduct(string Sku);

internal sealed class CreateProductValidator : AbstractValidator<CreateProduct>
{
    public CreateProductValidator()
    {
        RuleFor(c => c.Sku).Must(sku => Domain.Sku.IsValid(Domain.Sku.Normalise(sku))).WithMessage(Domain.Sku.Rule);
        RuleFor(c => c.Name).Name(Product.MaxNameLength);
        RuleFor(c => c.Category).Name(Domain.Category.MaxPathLength);
        this.Price(c => c.Price.Currency, c => c.Price.Amount);
        RuleFor(c => c.Description).Text(Product.MaxDescriptionLength);
        RuleFor(c => c.Brand).Text(Product.MaxBrandLength);
        RuleFor(c => c.WeightGrams).InclusiveBetween(0, Product.MaxWeight);
        RuleFor(c => c.Stock).InclusiveBetween(0, StockItem.MaxOnHand);
        RuleFor(c => c.Attributes!).Attributes().When(c => c.Attributes is not null);
    }
}
