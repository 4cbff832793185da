namespace ModularShop.TestKit;

/// <summary>
/// A trait of tests that test.sh does not run every time: <c>[Trait(RunOnly.Trait, RunOnly.Once)]</c>. <c>dotnet test</c> runs all.
/// </summary>
public static class RunOnly
{
    public const string Trait = "RunOnly";

    /// <summary>It says the same whatever the engine is, for it does not use it, or names those that it uses: on the first of them.</summary>
    public const string Once = "Once";

    /// <summary>On the engines that are servers; on SQLite it would be the same as on PostgreSQL.</summary>
    public const string OnServers = "OnServers";

    /// <summary>With <c>--long</c>.</summary>
    public const string Long = "Long";
}
