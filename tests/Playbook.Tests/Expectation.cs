using System.Text.RegularExpressions;

namespace Playbook.Tests;

/// <summary>What a page says that is printed, held against what was.</summary>
internal static class Expectation
{
    private const string Anything = "…";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Whether all of it was printed, and nothing else.</summary>
    public static bool Matches(IReadOnlyList<string> expected, string printed) => Regex.IsMatch(Tidy(printed), $"^{Pattern(expected)}$", RegexOptions.None, Limit);

    /// <summary>Whether it has been printed so far, whatever came after it.</summary>
    public static bool Begins(IReadOnlyList<string> expected, string printed) => Regex.IsMatch(Tidy(printed), $"^{Pattern(expected)}", RegexOptions.None, Limit);

    /// <summary>For a person who has to correct the page, or the program.</summary>
    public static string Difference(IReadOnlyList<string> expected, string printed)
    {
        var agreeing = Enumerable.Range(0, expected.Count + 1).Last(n => Begins([.. expected.Take(n)], printed));
        return $"{(agreeing < expected.Count ? $"Not printed: {expected[agreeing]}" : "More was printed than the page says.")}\n--- the page says\n{string.Join('\n', expected)}\n--- it printed\n{Tidy(printed)}---";
    }

    private static string Pattern(IReadOnlyList<string> expected) => string.Concat(expected.Select(line => line.Trim() == Anything
        ? "(?:[^\n]*\n)*?"
        : $"{Regex.Escape(line.TrimEnd()).Replace(Anything, "[^\n]*?", StringComparison.Ordinal)}\n"));

    /// <summary>Without what a terminal does not show, or nobody would write into a page.</summary>
    private static string Tidy(string printed)
    {
        var lines = printed.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(l => l.TrimEnd());
        return printed.Length == 0 ? "" : string.Join('\n', lines) + "\n";
    }
}
