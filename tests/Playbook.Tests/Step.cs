namespace Playbook.Tests;

/// <summary>What a reader does at one place of a page, and what it should print.</summary>
/// <param name="Line">Of the page, where the commands begin.</param>
/// <param name="Terminal">The terminal in which they go on running; null where they end by themselves.</param>
/// <param name="Expected">Null where the page does not say.</param>
internal sealed record Step(string Page, int Line, StepKind Kind, string Text, string? Terminal, IReadOnlyList<string>? Expected)
{
    /// <summary>What has to be on the machine; null where nothing has.</summary>
    public string? Needs { get; init; }

    public override string ToString() => $"{Page}, line {Line}: {Text.ReplaceLineEndings("; ")}";
}

internal enum StepKind
{
    /// <summary>Commands that succeed: a block marked <c>sh</c>.</summary>
    Commands,

    /// <summary>Commands of which the last is refused: <c>sh fails</c>.</summary>
    Refused,

    /// <summary>A command that stays: <c>sh terminal=host</c>.</summary>
    Stays,

    /// <summary>Ctrl+C in that terminal: <c>sh ctrl-c=host</c>.</summary>
    CtrlC,

    /// <summary>Statements, on a database of the page's: <c>sql engine=postgresql</c>.</summary>
    Sql,
}
