using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Features.RenameCategory;

internal sealed record RenameCategory(string Path, string Name) : ICommand<Result>;

internal sealed class RenameCategoryValidator : AbstractValidator<RenameCategory>
{
    public RenameCategoryValidator() => RuleFor(c => c.Name).Name(Category.MaxNameLength);
}
