using ModularShop.Contracts;

namespace ModularShop.Host.Storefront;

public sealed record ProductRow(string Sku, string Name, string Brand, string Category, string CategoryPath, Money Price, string Status, int Available);

public sealed record ProductDetails(
    string Sku, string Name, string Description, string Brand, string Category, string CategoryPath, Money Price, int WeightGrams, string Status, int Available,
    IReadOnlyDictionary<string, string> Attributes)
{
    public bool IsOnSale => Status == "active";
}

public sealed record CategoryNode(string Name, string Path, int Products, IReadOnlyList<CategoryNode> Children)
{
    /// <summary>The way from the top to a category, both included; empty where there is none of this path.</summary>
    public static IReadOnlyList<CategoryNode> WayTo(string path, IEnumerable<CategoryNode> tree)
    {
        foreach (var node in tree)
        {
            if (node.Path == path)
            {
                return [node];
            }

            if (path.StartsWith(node.Path + "/", StringComparison.Ordinal) && WayTo(path, node.Children) is { Count: > 0 } below)
            {
                return [node, .. below];
            }
        }

        return [];
    }

    /// <summary>This and all below it, each with its depth.</summary>
    public static IEnumerable<(CategoryNode Node, int Depth)> Flat(IEnumerable<CategoryNode> tree, int depth = 0) =>
        tree.SelectMany(n => Flat(n.Children, depth + 1).Prepend((n, depth)));
}

/// <summary>How many are left, as customers care to know it.</summary>
internal static class Stock
{
    private const int Few = 5;

    public static (string Text, string Tone) Say(int available) => available switch
    {
        <= 0 => ("Sold out", "bad"),
        1 => ("Last one", "warm"),
        <= Few => ($"Only {available} left", "warm"),
        _ => ("In stock", "good"),
    };
}
