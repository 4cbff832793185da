using System.Text.RegularExpressions;

namespace ModularShop.Boundaries.Engine;

/// <summary>A C# file; its path is relative to the solution, with slashes.</summary>
internal sealed partial record SourceFile(string Path, string Text)
{
    public bool IsMigration => Path.Contains("/Migrations/", StringComparison.Ordinal);

    public bool IsTest => Path.StartsWith("tests/", StringComparison.Ordinal);

    /// <summary>The lines without comments and the contents of strings.</summary>
    public string[] CodeLines => CommentsAndStrings.Replace(Text, match =>
        match.Value[0] is '/' ? Blank(match.Value) : "\"\"" + Blank(match.Value)).Split('\n');

    public string[] Lines => Text.Split('\n');

    /// <summary>Nothing but the line ends, so that line numbers stay.</summary>
    private static string Blank(string text) => new('\n', text.Count(c => c is '\n'));

    [GeneratedRegex("""
        //[^\n]*
        | /\*[\s\S]*?\*/
        | \$*(?<raw>"{3,})[\s\S]*?\k<raw>
        | (?:@\$?|\$@)"(?:[^"]|"")*"
        | \$?"(?:\\.|[^"\\\n])*"
        | '(?:\\.|[^'\\\n])+'
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CommentsAndStrings { get; }
}
