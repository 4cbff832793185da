using System.Text.RegularExpressions;

namespace ModularShop.Cli;

/// <summary>What the parser says of types of .NET, in the words of who types a command.</summary>
internal static partial class TypeNames
{
    public static string InWords(string message) => ExpectedType.Replace(message, match => match.Value switch
    {
        var type when type.Contains("Int32", StringComparison.Ordinal) => "a whole number",
        var type when type.Contains("Guid", StringComparison.Ordinal) => "an id",
        _ => "what is wanted there",
    });

    [GeneratedRegex("expected type '.+?'", RegexOptions.None, 1000)]
    private static partial Regex ExpectedType { get; }
}
