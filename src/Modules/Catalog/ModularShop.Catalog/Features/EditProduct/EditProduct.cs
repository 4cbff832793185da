using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Features.EditProduct;

internal sealed record EditProduct(
    string Sku, string Name, string Description, string Brand, string Category, int WeightGrams, IReadOnlyDictionary<string, string> Attributes, string? IfMatch)
    : ICommand<Result>;

internal sealed class EditProductValidator : AbstractValidator<EditProduct>
{
    public EditProductValidator()
    {
        RuleFor(c => c.Name).Name(Product.MaxNameLength);
        RuleFor(c => c.Description).Text(Product.MaxDescriptionLength);
        RuleFor(c => c.Brand).Text(Product.MaxBrandLength);
        RuleFor(c => c.Category).Name(Domain.Category.MaxPathLength);
        RuleFor(c => c.WeightGrams).InclusiveBetween(0, Product.MaxWeight);
        RuleFor(c => c.Attributes).Attributes();
        RuleFor(c => c.IfMatch).ETag();
    }
}
