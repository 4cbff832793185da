using ModularShop.Cli.Terminal;

namespace ModularShop.Cli.Doctor;

/// <summary>What was found, for a person.</summary>
internal static class Prescription
{
    private const int Width = 100, Indent = 9;

    public static void Show(IReadOnlyList<Check> checks, Output output)
    {
        foreach (var check in checks)
        {
            var (word, write) = check switch
            {
                { IsProblem: true } => ("PROBLEM", output.Alarm),
                { IsWarning: true } => ("WARNING", (Action<string>)output.Line),
                _ => ("OK", output.Line),
            };
            foreach (var line in Wrapped($"{word.PadRight(Indent)}{check.About}: {check.Found}").Concat(check.Mend is null ? [] : Wrapped($"{"".PadRight(Indent)}Mend: {check.Mend}")))
            {
                write(line);
            }
        }

        var (problems, warnings) = (checks.Count(c => c.IsProblem), checks.Count(c => c.IsWarning));
        output.Line();
        output.Line(problems + warnings == 0 ? "All is well." : $"{Count(problems, "problem")}, {Count(warnings, "warning")}.");
    }

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    /// <summary>Between words; a word that is longer than a line, such as a path, stays whole.</summary>
    private static IEnumerable<string> Wrapped(string text)
    {
        while (text.Length > Width && text.LastIndexOf(' ', Width) is var space && (space > Indent || (space = text.IndexOf(' ', Width)) > 0))
        {
            yield return text[..space];
            text = "".PadRight(Indent) + text[(space + 1)..];
        }

        yield return text;
    }
}
