using System.Text.RegularExpressions;

namespace Playbook.Tests;

internal static partial class Markdown
{
    /// <summary>The files that a text links to, without what is within them and without the web.</summary>
    public static IEnumerable<string> LinksOf(string text) => Link().Matches(text).Select(m => m.Groups["file"].Value.Split('#')[0]).Where(l => l.Length > 0 && !l.Contains("://", StringComparison.Ordinal));

    [GeneratedRegex(@"\]\((?<file>[^)\s]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();
}
