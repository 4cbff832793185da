using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Features.CreateCategory;

/// <param name="ParentPath">Absent: the new category is at the top.</param>
internal sealed record CreateCategory(string Name, string? ParentPath = null) : ICommand<Result<CreatedCategory>>;

internal sealed record CreatedCategory(string Name, string Path);

internal sealed class CreateCategoryValidator : AbstractValidator<CreateCategory>
{
    public CreateCategoryValidator()
    {
        RuleFor(c => c.Name).Name(Category.MaxNameLength);
        RuleFor(c => c.Name).Must(n => Category.Slug(n).Length > 0).WithMessage("The name of a category has at least one letter or digit.").When(c => c.Name.Length <= Category.MaxNameLength);
        RuleFor(c => c.ParentPath).MaximumLength(Category.MaxPathLength);
    }
}
