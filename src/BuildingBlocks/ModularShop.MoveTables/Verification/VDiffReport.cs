using System.Globalization;

namespace ModularShop.MoveTables;

/// <summary>A comparison of all rows of both databases.</summary>
/// <param name="Recording">Which triggers recorded changes when it began; it is of no use once they were others, or off, since.</param>
public sealed record VDiffReport(DateTimeOffset StartedAt, DateTimeOffset EndedAt, string Recording, IReadOnlyList<VDiffTable> Tables)
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

/// <param name="Kind"><see cref="Differs"/>, <see cref="Missing"/> or <see cref="Extra"/>.</param>
/// <param name="Column">The first that differs; null where a row is missing or extra.</param>
/// <param name="Written">In the database that is written, shortened.</param>
/// <param name="Following">In the one that follows, shortened.</param>
public sealed record VDiffSample(string Key, string Kind, string? Column, string? Written, string? Following)
{
    internal const string Differs = "differs";
    internal const string Missing = "missing";
    internal const string Extra = "extra";

    private const int LongestValue = 80;

    internal static VDiffSample Of(MovedTable table, RowKey key, object?[]? row, object?[]? twin)
    {
        if (row is null || twin is null)
        {
            return new VDiffSample(key.ToString(), row is null ? Extra : Missing, null, null, null);
        }

        var column = RowValues.Difference(table, row, twin)!;
        var ordinal = table.Columns.Select((c, i) => (c.Name, i)).Single(c => c.Name == column).i;
        return new VDiffSample(key.ToString(), Differs, column, Text(row[ordinal]), Text(twin[ordinal]));
    }

    private static string Text(object? value)
    {
        var text = value switch
        {
            null => "NULL",
            byte[] bytes => Convert.ToHexString(bytes),
            DateTime at => at.ToString("O", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
        return text.Length <= LongestValue ? text : $"{text[..LongestValue]}…";
    }
}
