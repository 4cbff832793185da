namespace ModularShop.Modularity.Data;

/// <summary>
/// Whether a piece of work has committed anything, of whichever module: only if not, it can be thrown away and done again,
/// here or elsewhere.
/// </summary>
public sealed class Commits
{
    private static readonly AsyncLocal<Commits?> Current = new();

    private volatile bool _any;

    /// <summary>Or may have: a commit that got no answer counts.</summary>
    public bool Any => _any;

    /// <summary>Takes note of those of this flow of execution from here on, and of all that it starts.</summary>
    public static Commits Watch() => Current.Value = new Commits();

    internal static void Note()
    {
        if (Current.Value is { } watched)
        {
            watched._any = true;
        }
    }
}
