using System.Text;

namespace ModularShop.Catalog.Domain;

/// <summary>A place in the category tree.</summary>
internal sealed class Category : AggregateRoot
{
    public const int MaxNameLength = 100;

    public const int MaxPathLength = 400;

    public const int MaxDepth = 6;

    public string Name { get; private set; } = "";

    /// <summary>The names from the root down, as they appear in addresses: <c>kitchen/cookware</c>. Unique and stable; a subtree shares its beginning.</summary>
    public string Path { get; private init; } = "";

    public Guid? ParentId { get; private init; }

    /// <summary>Fails where the tree would become too deep or the path too long.</summary>
    public static Result<Category> Create(string name, Category? parent)
    {
        var path = parent is null ? Slug(name) : $"{parent.Path}/{Slug(name)}";
        return path.Length > MaxPathLength || path.Count(c => c == '/') >= MaxDepth
            ? CatalogError.CategoryTooDeep.Because($"'{path}' is too deep: the tree has at most {MaxDepth} levels, and a path {MaxPathLength} characters.")
            : new Category { Name = name, Path = path, ParentId = parent?.Id };
    }

    public void Rename(string name) => Name = name;

    /// <summary>The name as a part of a path: <c>Knives &amp; Tools</c> is <c>knives-tools</c>. Empty where it has no letter or digit.</summary>
    public static string Slug(string name)
    {
        var slug = new StringBuilder(name.Length);
        foreach (var c in SearchKey.Fold(name))
        {
            if (char.IsLetterOrDigit(c))
            {
                slug.Append(c);
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        return slug.ToString().TrimEnd('-');
    }

    /// <summary>A path as a client may write it: <c>/Kitchen/Cookware/</c> is <c>kitchen/cookware</c>.</summary>
    public static string NormalisePath(string path) =>
        string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Slug));
}
