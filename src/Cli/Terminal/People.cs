using System.Text.RegularExpressions;

namespace ModularShop.Cli.Terminal;

/// <summary>Who did something, as tables show it.</summary>
internal static partial class People
{
    /// <summary>The name of <c>Olive Operator (0198f0c2-…)</c>: the id is for programs, and for people who bear one name.</summary>
    public static string NameOf(string who) => WithId.Match(who) is { Success: true } match ? match.Groups["name"].Value : who;

    [GeneratedRegex(@"^(?<name>.+) \([0-9a-fA-F-]{36}\)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WithId { get; }
}
