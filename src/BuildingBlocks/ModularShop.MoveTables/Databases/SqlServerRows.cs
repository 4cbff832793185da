using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.SqlClient;

namespace ModularShop.MoveTables;

/// <summary>Many values at once for SQL Server: those to look up as one parameter of JSON, rows by bulk copy.</summary>
/// <remarks>No temporary table for the former: it would be four round trips more, and change a catalogue inside a snapshot.</remarks>
internal static class SqlServerRows
{
    /// <summary>In bytes, of all tables of @schema with their indexes.</summary>
    public const string SizeSql = """
        SELECT CAST(COALESCE(SUM(a.total_pages), 0) AS bigint) * 8192 FROM sys.tables AS t
        JOIN sys.partitions AS p ON p.object_id = t.object_id JOIN sys.allocation_units AS a ON a.container_id = p.partition_id
        WHERE SCHEMA_NAME(t.schema_id) = @schema
        """;

    private const string Loaded = "#move_rows";

    /// <param name="select">Of the table, as t.</param>
    public static async Task<List<T>> SelectAsync<T>(
        DbConnection connection, DbTransaction? transaction, string select, MovedTable table, IReadOnlyList<int> where, IReadOnlyList<object[]> values,
        Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        var found = new List<T>(values.Count);
        if (values.Count > 0)
        {
            await using var command = connection.Command(transaction, $"{select} JOIN {Listed(where.Select(w => table.Columns[w]))}");
            command.Parameters.Add(List(values));
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                found.Add(read(reader));
            }
        }

        return found;
    }

    public static async Task UpsertAsync(
        DbConnection connection, DbTransaction transaction, string name, MovedTable table, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var columns = string.Join(", ", table.Columns.Select(c => $"\"{c.Name}\""));
        var matches = string.Join(" AND ", table.KeyColumns.Select(c => $"t.\"{c.Name}\" = k.\"{c.Name}\""));
        var others = table.Columns.Where((_, i) => !table.Key.Contains(i)).Select(c => $"\"{c.Name}\" = k.\"{c.Name}\"").ToList();
        var update = others.Count == 0 ? "" : $"UPDATE t SET {string.Join(", ", others)} FROM {name} AS t JOIN {Loaded} AS k ON {matches};";
        // With the types, lengths and collations of the table.
        await connection.ExecuteAsync(transaction, $"SELECT TOP (0) {columns} INTO {Loaded} FROM {name}", cancellationToken);
        await LoadAsync(connection, transaction, Loaded, SqlBulkCopyOptions.Default, table, rows, cancellationToken);
        await connection.ExecuteAsync(
            transaction,
            $"{update} INSERT INTO {name} ({columns}) SELECT {columns} FROM {Loaded} AS k WHERE NOT EXISTS (SELECT 1 FROM {name} AS t WHERE {matches}); DROP TABLE {Loaded};", cancellationToken);
    }

    public static async Task DeleteAsync(
        DbConnection connection, DbTransaction transaction, string name, MovedTable table, IReadOnlyList<RowKey> keys, CancellationToken cancellationToken)
    {
        if (keys.Count > 0)
        {
            await using var command = connection.Command(transaction, $"DELETE t FROM {name} AS t JOIN {Listed(table.KeyColumns)}");
            command.Parameters.Add(List([.. keys.Select(k => k.Values)]));
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Rows by their column Id. It waits for no row of a transaction that has not committed yet, even where it looks at all.</summary>
    public static async Task DeleteAsync(DbConnection connection, DbTransaction transaction, string name, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            transaction, $"DELETE t FROM {name} AS t WITH (ROWLOCK, READPAST) JOIN {Listed([new MovedColumn("Id", "Id", typeof(long), IsNullable: false, null)])}");
        command.Parameters.Add(List([.. ids.Select(id => new object[] { id })]));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Bulk copy. No trigger fires: the rows are the replicator's.</summary>
    /// <exception cref="RefusedValueException">A value does not fit its column.</exception>
    public static async Task LoadAsync(
        DbConnection connection, DbTransaction transaction, string name, SqlBulkCopyOptions options, MovedTable table, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        using var data = new DataTable();
        using var bulk = new SqlBulkCopy((SqlConnection)connection, options | SqlBulkCopyOptions.KeepNulls, (SqlTransaction)transaction);
        bulk.DestinationTableName = name;
        bulk.BulkCopyTimeout = 60;
        foreach (var column in table.Columns)
        {
            data.Columns.Add(column.Name, column.Type);
            bulk.ColumnMappings.Add(column.Name, column.Name);
        }

        foreach (var row in rows)
        {
            data.Rows.Add(row);
        }

        try
        {
            await bulk.WriteToServerAsync(data, cancellationToken);
        }
        catch (InvalidOperationException e) when (connection.State is ConnectionState.Open)
        {
            // The client itself looks at types and lengths, before the server sees the row.
            throw new RefusedValueException(e);
        }
    }

    /// <summary>The values of <see cref="List"/> with the condition that t has one of them.</summary>
    private static string Listed(IEnumerable<MovedColumn> columns)
    {
        var list = columns.ToList();
        var types = list.Select((c, i) => $"c{i} {TypeOf(c)} '$[{i}]'");
        // Of two texts with collations of their own the server wants to be told which to compare by.
        var matches = list.Select((c, i) => $"t.\"{c.Name}\" = k.c{i}{(c.Type == typeof(string) ? $" {SqlServerEngine.Collation}" : "")}");
        return $"OPENJSON(@keys) WITH ({string.Join(", ", types)}) AS k ON {string.Join(" AND ", matches)}";
    }

    private static SqlParameter List(IReadOnlyList<object[]> values) => new("@keys", SqlDbType.NVarChar, -1)
    {
        Value = JsonSerializer.Serialize(values.Select(v => v.Select(value => value is DateTime at ? at.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture) : value))),
    };

    private static string TypeOf(MovedColumn column) =>
        column.Type == typeof(Guid) ? "uniqueidentifier"
        : column.Type == typeof(string) ? $"nvarchar({(column.MaxLength is { } characters and <= 4000 ? characters : "max")})"
        : column.Type == typeof(long) ? "bigint"
        : column.Type == typeof(int) ? "int"
        : column.Type == typeof(bool) ? "bit"
        : column.Type == typeof(DateTime) ? "datetime2(6)"
        : $"varbinary({(column.MaxLength is { } bytes and <= 8000 ? bytes : "max")})";
}

/// <summary>A value does not fit the column that it is sent to.</summary>
internal sealed class RefusedValueException(Exception inner) : Exception(inner.Message, inner);
