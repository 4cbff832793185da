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
/// <param name="Values">Those that differ; all of a row that is missing or extra.</param>
public sealed record VDiffSample(string Key, string Kind, IReadOnlyList<VDiffValue> Values)
{
    internal const string Differs = "differs";
    internal const string Missing = "missing";
    internal const string Extra = "extra";

    internal static VDiffSample Of(MovedTable table, RowKey key, object?[]? row, object?[]? twin) => new(
        key.ToString(), row is null ? Extra : twin is null ? Missing : Differs,
        [
            .. table.Columns.Index().Where(c => row is null || twin is null || !RowValues.AreEqual(row[c.Index], twin[c.Index]))
                .Select(c => new VDiffValue(c.Item.Name, VDiffValue.Text(c.Item.Name, row, c.Index), VDiffValue.Text(c.Item.Name, twin, c.Index))),
        ]);
}

/// <param name="Written">In the database that is written, shortened; null where it has no such row.</param>
/// <param name="Following">In the one that follows, shortened; null where it has no such row.</param>
public sealed record VDiffValue(string Column, string? Written, string? Following)
{
    private const int LongestValue = 80;

    /// <summary>In place of what is nobody's to read.</summary>
    private const string Masked = "•••";

    private static readonly string[] Secrets = ["Password", "Hash", "Secret", "Seed", "Token"];

    internal static string? Text(string column, object?[]? row, int ordinal)
    {
        if (row is null)
        {
            return null;
        }

        var text = row[ordinal] switch
        {
            null => "NULL",
            _ when Secrets.Any(s => column.Contains(s, StringComparison.OrdinalIgnoreCase)) => Masked,
            byte[] bytes => Convert.ToHexString(bytes),
            DateTime at => at.ToString("O", CultureInfo.InvariantCulture),
            var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
        return text.Length <= LongestValue ? text : $"{text[..LongestValue]}…";
    }
}
