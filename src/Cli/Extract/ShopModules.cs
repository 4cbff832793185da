namespace ModularShop.Cli.Extract;

/// <summary>The modules of <c>src/Modules</c>.</summary>
internal static class ShopModules
{
    private static string Folder => Path.Combine(Repository.Root, "src", "Modules");

    /// <returns>The module's name as it is spelt.</returns>
    /// <exception cref="CommandFailure">There is no such module.</exception>
    public static string Find(string wanted)
    {
        List<string> all = Directory.Exists(Folder)
            ? [.. Directory.GetDirectories(Folder).Select(f => Path.GetFileName(f)!).Where(m => File.Exists(Path.Combine(Folder, m, $"ModularShop.{m}", $"ModularShop.{m}.csproj"))).Order(StringComparer.Ordinal)]
            : [];
        return all.Find(m => string.Equals(m, wanted, StringComparison.OrdinalIgnoreCase))
            ?? throw CommandFailure.Usage($"There is no module '{wanted}' in src/Modules; there are {string.Join(", ", all)}.");
    }
}
