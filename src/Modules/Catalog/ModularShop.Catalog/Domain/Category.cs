namespace ModularShop.Catalog.Domain;

/// <summary>A place in the category tree.</summary>
internal sealed class Category : AggregateRoot
{
    public required string Name { get; init; }

    /// <summary>The names from the root down, as they appear in addresses: <c>kitchen/cookware</c>. Unique; a subtree shares its beginning.</summary>
    public required string Path { get; init; }

    public Guid? ParentId { get; init; }
}
