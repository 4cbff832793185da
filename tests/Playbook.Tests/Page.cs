namespace Playbook.Tests;

/// <summary>
/// A page of the playbook. Its blocks marked <c>sh</c> are commands, those marked <c>sql engine=…</c> statements, and a block
/// <c>text</c> right behind one is what they print, where <c>…</c> stands for anything in a line, or alone for any lines. What
/// <c>needs=</c> something is executed where that is to be had.
/// </summary>
internal sealed record Page(string Name, IReadOnlyList<Step> Steps)
{
    private const string Fence = "```";

    private const string NeedsMark = "needs=";

    private const string EngineMark = "engine=";

    /// <summary>What a block may be besides commands: none of it is to be typed.</summary>
    private static readonly HashSet<string> Shown = new(StringComparer.Ordinal) { "text", "mermaid", "json", "csharp", "sql", "yaml" };

    /// <exception cref="FormatException">A block is none of the kinds there are: what is typed is executed by tests, or is not in a block.</exception>
    public static Page Read(string name, string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var steps = new List<Step>();
        var mayPrint = false;
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith(Fence, StringComparison.Ordinal))
            {
                mayPrint &= lines[i].Length == 0;
                continue;
            }

            var (line, info) = (i + 1, lines[i][Fence.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
            var block = lines.Skip(line).TakeWhile(l => l != Fence).ToList();
            i = line + block.Count;
            if (info is ["sh", .. var how])
            {
                var needs = Array.Find(how, h => h.StartsWith(NeedsMark, StringComparison.Ordinal))?[NeedsMark.Length..];
                steps.Add(Command(name, line + 1, [.. how.Where(h => !h.StartsWith(NeedsMark, StringComparison.Ordinal))], string.Join('\n', block)) with { Needs = Known(name, line, needs) });
                mayPrint = true;
                continue;
            }

            if (info is ["sql", var engine] && engine.StartsWith(EngineMark, StringComparison.Ordinal))
            {
                steps.Add(new Step(name, line + 1, StepKind.Sql, string.Join('\n', block), null, null) { Needs = Known(name, line, engine[EngineMark.Length..]) });
                mayPrint = true;
                continue;
            }

            if (info is not [var kind] || !Shown.Contains(kind))
            {
                throw new FormatException($"{name}, line {line}: '{lines[line - 1]}' is neither 'sh', whose commands are executed, nor one of {string.Join(", ", Shown)}.");
            }

            if (kind == "text" && mayPrint)
            {
                steps[^1] = steps[^1] with { Expected = block };
            }

            mayPrint = false;
        }

        return new Page(name, steps);
    }

    private static string? Known(string page, int line, string? needs) => needs is null || Requirements.Known.Contains(needs)
        ? needs
        : throw new FormatException($"{page}, line {line}: '{needs}' is none of {string.Join(", ", Requirements.Known)}.");

    private static Step Command(string page, int line, string[] how, string text) => how switch
    {
        [] => new Step(page, line, StepKind.Commands, text, null, null),
        ["fails"] => new Step(page, line, StepKind.Refused, text, null, null),
        [var one] when one.StartsWith("terminal=", StringComparison.Ordinal) => new Step(page, line, StepKind.Stays, text, one["terminal=".Length..], null),
        [var one] when one.StartsWith("ctrl-c=", StringComparison.Ordinal) => new Step(page, line, StepKind.CtrlC, text, one["ctrl-c=".Length..], null),
        _ => throw new FormatException($"{page}, line {line}: commands are 'sh', 'sh fails', 'sh terminal=<name>' or 'sh ctrl-c=<name>', with 'needs=<what>' besides, not 'sh {string.Join(' ', how)}'."),
    };
}
