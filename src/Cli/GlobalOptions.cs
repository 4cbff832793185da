using System.CommandLine;

namespace ModularShop.Cli;

/// <summary>Options of every command.</summary>
internal static class GlobalOptions
{
    public const string DefaultUrl = "http://localhost:5080";

    public static Option<string> Url { get; } = new("--url")
    {
        Description = "Where the shop answers; else SHOP_URL.",
        HelpName = "address",
        Recursive = true,
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("SHOP_URL") is { Length: > 0 } url ? url : DefaultUrl,
    };

    public static Option<bool> Json { get; } = new("--json") { Description = "For programs: JSON, and nothing else on standard output.", Recursive = true };
}
