namespace ModularShop.Cli.Move;

/// <summary>What the shop says of a move.</summary>
internal sealed record MoveStatus(
    string Module, string State, string Service, bool IsPaused, long? RowsPerSecondLimit, string Target, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset ChangedAt, string? Coordinator,
    long Rows, long RowsExpected, double RowsPerSecond, double? Percent, double? EtaSeconds, long LogRows, double? LagSeconds, long ChangesApplied, Comparing? Comparing, Report? VDiff,
    string WaitsFor, string? Trouble, IReadOnlyList<string> Next)
{
    public bool IsOver => State.ToUpperInvariant() is "COMPLETED" or "CANCELLED";

    /// <summary>Nothing is carried over any more.</summary>
    public bool IsEnding => State.ToUpperInvariant() is "COMPLETING" or "CANCELLING";
}

internal sealed record MoveList(IReadOnlyList<MoveStatus> Moves, IReadOnlyList<UnreadMove> Unread);

internal sealed record UnreadMove(string Module, string Reason);

internal sealed record Comparing(string Table, long Rows, long RowsExpected);

internal sealed record Report(DateTimeOffset StartedAt, DateTimeOffset EndedAt, IReadOnlyList<ReportTable> Tables, bool IsClean, long Rows);

internal sealed record ReportTable(string Table, long Rows, long Differing, long Missing, long Extra, IReadOnlyList<Sample> Samples);

internal sealed record Sample(string Key, string Kind, IReadOnlyList<SampleValue> Values)
{
    public string Text => Kind != "differs" ? Kind : string.Join(", ", Values.Select(v => $"{v.Column} is '{v.Written}' here and '{v.Following}' there"));
}

internal sealed record SampleValue(string Column, string? Written, string? Following);

internal sealed record Event(long Number, DateTimeOffset At, string By, string State, string What, string? Evidence);

internal sealed record Plan(string Module, string Target, IReadOnlyList<Check> Checks, IReadOnlyList<string> Statements);

internal sealed record Check(string What, string? Problem);

internal sealed record Outcome(bool Done, string Text, MoveStatus Move);
