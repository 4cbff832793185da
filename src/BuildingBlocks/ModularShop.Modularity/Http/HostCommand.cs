namespace ModularShop.Modularity.Http;

/// <summary>Work that the program does, and then ends, where it is started with an argument of its own; nothing listens, and no database is migrated.</summary>
/// <param name="RunAsync">Returns the exit code.</param>
public sealed record HostCommand(string Argument, Func<CancellationToken, Task<int>> RunAsync)
{
    /// <summary>Writes documents about the program.</summary>
    public const string Docs = "--docs";

    /// <summary>Looks at what the program needs.</summary>
    public const string Doctor = "--doctor";

    /// <summary>Makes the tables of a module as big as production's.</summary>
    public const string Multiply = "--multiply";
}
