namespace ModularShop.MoveTables;

/// <summary>A comparison of all rows of both databases.</summary>
public sealed record VDiffReport(DateTimeOffset StartedAt, DateTimeOffset EndedAt, IReadOnlyList<VDiffTable> Tables)
{
    public bool IsClean => Tables.All(t => t.Differing == 0 && t.Missing == 0 && t.Extra == 0);

    public long Rows => Tables.Sum(t => t.Rows);
}

/// <param name="Rows">Compared.</param>
/// <param name="Differing">In both databases, with different values.</param>
/// <param name="Missing">In the one that is written only.</param>
/// <param name="Extra">In the one that follows only.</param>
/// <param name="Samples">The first few of them.</param>
public sealed record VDiffTable(string Table, long Rows, long Differing, long Missing, long Extra, IReadOnlyList<VDiffSample> Samples);

/// <param name="Column">The first that differs; null where a row is missing or extra.</param>
/// <param name="Written">In the database that is written, shortened.</param>
/// <param name="Following">In the one that follows, shortened.</param>
public sealed record VDiffSample(string Key, string Kind, string? Column, string? Written, string? Following);
