using System.Text;

namespace Benchmarks;

/// <summary>One benchmark's results: a table in Markdown, whose first column is the engine, or else what tells its rows apart.</summary>
internal sealed record Table(string Title, string What, string[] Columns, bool IsByEngine = true)
{
    private readonly List<string> _rows = [];

    public IReadOnlyList<string> Rows => _rows;

    public void Add(string[] cells)
    {
        _rows.Add($"| {string.Join(" | ", cells)} |");
        Console.WriteLine($"    {_rows[^1]}");
    }

    /// <summary>The same with the rows of engines that have not been measured this time.</summary>
    public Table With(IEnumerable<string> earlier)
    {
        var measured = _rows.Select(Engine).ToHashSet(StringComparer.Ordinal);
        var all = new Table(Title, What, Columns, IsByEngine);
        all._rows.AddRange(earlier.Where(row => !measured.Contains(Engine(row))));
        all._rows.AddRange(_rows);
        return all;
    }

    public override string ToString()
    {
        var text = new StringBuilder($"## {Title}\n\n{What}\n\n| {string.Join(" | ", Columns)} |\n|{string.Concat(Columns.Select(_ => "---|"))}\n");
        foreach (var row in IsByEngine ? _rows.OrderByDescending(Engine, StringComparer.Ordinal) : _rows.AsEnumerable())
        {
            text.Append(row).Append('\n');
        }

        return text.ToString();
    }

    private static string Engine(string row) => row.Split('|')[1].Trim();
}

internal static class MedianExtensions
{
    public static double Median(this IEnumerable<double> values)
    {
        var ordered = values.Order().ToList();
        return (ordered[(ordered.Count - 1) / 2] + ordered[ordered.Count / 2]) / 2;
    }
}
