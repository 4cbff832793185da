namespace ModularShop.Catalog.Features.ListCategories;

internal sealed record ListCategories : IQuery<Result<CategoryTree>>;

internal sealed record CategoryTree(IReadOnlyList<CategoryNode> Items);

/// <param name="Products">Active products in this category and all below it.</param>
internal sealed record CategoryNode(string Name, string Path, int Products, IReadOnlyList<CategoryNode> Children);
