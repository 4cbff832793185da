using System.Globalization;

namespace ModularShop.MoveTables;

/// <summary>The values of a row's primary key; equal to another where they are.</summary>
internal sealed class RowKey(object[] values) : IEquatable<RowKey>
{
    /// <summary>As many columns as the change log has for a key.</summary>
    public const int MostColumns = 4;

    public object[] Values => values;

    public bool Equals(RowKey? other) => other is not null && values.AsSpan().SequenceEqual(other.Values);

    public override bool Equals(object? obj) => Equals(obj as RowKey);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var value in values)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <summary>Of what the change log or a checkpoint holds.</summary>
    public static RowKey Parse(MovedTable table, IReadOnlyList<string?> texts) => new(
        [.. table.KeyColumns.Select((column, i) => Parse(column, texts[i] ?? throw new InvalidOperationException($"A key of {table} in the change log has no value for {column.Name}.")))]);

    /// <summary>As the capture triggers write them: each value as text, null beyond the last.</summary>
    public string?[] ToTexts()
    {
        var texts = new string?[MostColumns];
        for (var i = 0; i < values.Length; i++)
        {
            texts[i] = values[i] is bool flag ? (flag ? "1" : "0") : Convert.ToString(values[i], CultureInfo.InvariantCulture);
        }

        return texts;
    }

    public override string ToString() => string.Join(", ", ToTexts().Take(values.Length));

    private static object Parse(MovedColumn column, string text) =>
        column.Type == typeof(Guid) ? Guid.Parse(text)
        : column.Type == typeof(long) ? long.Parse(text, CultureInfo.InvariantCulture)
        : column.Type == typeof(int) ? int.Parse(text, CultureInfo.InvariantCulture)
        : column.Type == typeof(bool) ? text is "1" or "t" or "true"
        : text;
}
