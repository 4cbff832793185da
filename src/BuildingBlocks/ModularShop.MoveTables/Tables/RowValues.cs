using System.Data.Common;

namespace ModularShop.MoveTables;

/// <summary>Values as they are compared: the same whichever engine they come from.</summary>
internal static class RowValues
{
    public static object?[] ReadRow(this DbDataReader reader, MovedTable table, int offset = 0)
    {
        var row = new object?[table.Columns.Count];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = reader.IsDBNull(offset + i) ? null : Read(reader, offset + i, table.Columns[i].Type);
        }

        return row;
    }

    public static RowKey ReadKey(this DbDataReader reader, MovedTable table)
    {
        var values = new object[table.Key.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Read(reader, i, table.Columns[table.Key[i]].Type);
        }

        return new RowKey(values);
    }

    /// <summary>The first column in which the rows differ; null where they are equal.</summary>
    public static string? Difference(MovedTable table, object?[] one, object?[] other)
    {
        for (var i = 0; i < one.Length; i++)
        {
            if (!AreEqual(one[i], other[i]))
            {
                return table.Columns[i].Name;
            }
        }

        return null;
    }

    public static bool AreEqual(object? one, object? other) => one is byte[] a && other is byte[] b ? a.AsSpan().SequenceEqual(b) : Equals(one, other);

    public static object Read(DbDataReader reader, int ordinal, Type type) =>
        type == typeof(Guid) ? reader.GetGuid(ordinal)
        : type == typeof(string) ? reader.GetString(ordinal)
        : type == typeof(long) ? reader.GetInt64(ordinal)
        : type == typeof(int) ? reader.GetInt32(ordinal)
        : type == typeof(bool) ? reader.GetBoolean(ordinal)
        : type == typeof(DateTime) ? DateTime.SpecifyKind(reader.GetDateTime(ordinal), DateTimeKind.Utc)
        : reader.GetFieldValue<byte[]>(ordinal);
}
