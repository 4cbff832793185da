using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using ModularShop.Modularity.Data;

namespace ModularShop.Messaging;

/// <summary>
/// Statements over many rows for the plumbing, where tracked entities cost seven times as much. Values go
/// through EF's own type mappings, so that a row reads the same whichever way it was written.
/// </summary>
internal static class SetBasedSql
{
    // SQL Server takes 2,100.
    private const int MaxParameters = 2000;

    private static readonly ConditionalWeakTable<IEntityType, List<Column>> Columns = [];

    public static string TableOf(ModuleDbContext context, Type entity)
    {
        var type = context.Model.FindEntityType(entity)
            ?? throw new InvalidOperationException($"{context.GetType().Name} has no messaging tables: call model.AddMessaging() in its OnModelCreating.");
        return type.GetSchema() is { } schema ? $"\"{schema}\".\"{type.GetTableName()}\"" : $"\"{type.GetTableName()}\"";
    }

    /// <summary>Inserts the rows whose key is not there yet; returns how many those were. Call inside a transaction.</summary>
    public static Task<int> InsertNewAsync<T>(this ModuleDbContext context, IReadOnlyList<T> rows, CancellationToken cancellationToken)
        where T : class => InsertAsync(context, rows, areNew: false, cancellationToken);

    /// <summary>Inserts rows whose keys nobody can have: none is looked for, and SQL Server locks no range of keys for it. Call inside a transaction.</summary>
    public static Task<int> InsertAsync<T>(this ModuleDbContext context, IReadOnlyList<T> rows, CancellationToken cancellationToken)
        where T : class => InsertAsync(context, rows, areNew: true, cancellationToken);

    /// <summary>SQL Server's statement for so many rows.</summary>
    internal static string ValuesSql(ModuleDbContext context, Type entity, int rows, bool areNew)
    {
        var type = context.Model.FindEntityType(entity)!;
        var columns = ColumnsOf(type);
        var (table, names) = (TableOf(context, entity), Names(columns));
        var values = string.Join(", ", Enumerable.Range(0, rows).Select(r => $"({string.Join(", ", Enumerable.Range(0, columns.Count).Select(c => ParameterName(r, c)))})"));
        if (areNew)
        {
            return $"INSERT INTO {table} ({names}) VALUES {values}";
        }

        var key = string.Join(" AND ", type.FindPrimaryKey()!.Properties.Select(p => $"t.\"{p.GetColumnName()}\" = v.\"{p.GetColumnName()}\""));
        return $"""
            INSERT INTO {table} ({names}) SELECT {names} FROM (VALUES {values}) AS v ({names})
            WHERE NOT EXISTS (SELECT 1 FROM {table} AS t WITH (UPDLOCK, HOLDLOCK) WHERE {key})
            """;
    }

    private static async Task<int> InsertAsync<T>(ModuleDbContext context, IReadOnlyList<T> rows, bool areNew, CancellationToken cancellationToken)
        where T : class
    {
        var type = context.Model.FindEntityType(typeof(T))!;
        var columns = ColumnsOf(type);
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.Transaction = context.Database.CurrentTransaction!.GetDbTransaction();
        return context.Provider switch
        {
            DatabaseProvider.PostgreSql => await UnnestAsync(context, command, type, columns, rows, OnConflict(areNew), cancellationToken),
            DatabaseProvider.Sqlite => await RepeatAsync(context, command, type, columns, rows, OnConflict(areNew), cancellationToken),
            _ => await ValuesAsync(context, command, columns, rows, areNew, cancellationToken),
        };
    }

    /// <summary>PostgreSQL: one statement whose text never changes, with an array for each column.</summary>
    private static Task<int> UnnestAsync<T>(
        ModuleDbContext context, DbCommand command, IEntityType type, List<Column> columns, IReadOnlyList<T> rows, string onConflict, CancellationToken cancellationToken)
        where T : class
    {
        var arrays = new string[columns.Count];
        for (var c = 0; c < columns.Count; c++)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ($"@c{c}", columns[c].Array(rows));
            command.Parameters.Add(parameter);
            arrays[c] = $"@c{c}::{columns[c].Mapping.StoreTypeNameBase}[]";
        }

        command.CommandText = $"INSERT INTO {TableOf(context, type.ClrType)} ({Names(columns)}) SELECT * FROM unnest({string.Join(", ", arrays)}){onConflict}";
        return command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>SQLite: it is in this process, so a prepared statement per row is the cheapest.</summary>
    private static async Task<int> RepeatAsync<T>(
        ModuleDbContext context, DbCommand command, IEntityType type, List<Column> columns, IReadOnlyList<T> rows, string onConflict, CancellationToken cancellationToken)
        where T : class
    {
        var names = Enumerable.Range(0, columns.Count).Select(c => $"@c{c}").ToList();
        command.CommandText = $"INSERT INTO {TableOf(context, type.ClrType)} ({Names(columns)}) VALUES ({string.Join(", ", names)}){onConflict}";
        for (var c = 0; c < columns.Count; c++)
        {
            command.Parameters.Add(columns[c].Mapping.CreateParameter(command, names[c], columns[c].Get(rows[0]), columns[c].IsNullable));
        }

        await command.PrepareAsync(cancellationToken);
        var inserted = 0;
        foreach (var row in rows)
        {
            for (var c = 0; c < columns.Count; c++)
            {
                command.Parameters[c].Value = columns[c].StoreValue(row) ?? DBNull.Value;
            }

            inserted += await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return inserted;
    }

    /// <summary>SQL Server: as many rows per statement as its parameters allow.</summary>
    private static async Task<int> ValuesAsync<T>(
        ModuleDbContext context, DbCommand command, List<Column> columns, IReadOnlyList<T> rows, bool areNew, CancellationToken cancellationToken)
        where T : class
    {
        var inserted = 0;
        foreach (var chunk in rows.Chunk(MaxParameters / columns.Count))
        {
            command.Parameters.Clear();
            for (var r = 0; r < chunk.Length; r++)
            {
                for (var c = 0; c < columns.Count; c++)
                {
                    command.Parameters.Add(columns[c].Mapping.CreateParameter(command, ParameterName(r, c), columns[c].Get(chunk[r]), columns[c].IsNullable));
                }
            }

            command.CommandText = ValuesSql(context, typeof(T), chunk.Length, areNew);
            inserted += await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return inserted;
    }

    private static List<Column> ColumnsOf(IEntityType type) => Columns.GetValue(type, static t => [.. t.GetProperties().Select(p => new Column(p))]);

    private static string OnConflict(bool areNew) => areNew ? "" : " ON CONFLICT DO NOTHING";

    private static string ParameterName(int row, int column) => $"@p{row}_{column}";

    private static string Names(List<Column> columns) => string.Join(", ", columns.Select(c => $"\"{c.Name}\""));

    private sealed class Column(IProperty property)
    {
        public string Name { get; } = property.GetColumnName();

        public bool IsNullable { get; } = property.IsNullable;

        public RelationalTypeMapping Mapping { get; } = property.GetRelationalTypeMapping();

        public object? Get(object row) => property.GetGetter().GetClrValue(row);

        /// <summary>As the driver takes it.</summary>
        public object? StoreValue(object row) => Get(row) is not { } value ? null : Mapping.Converter is { } converter ? converter.ConvertToProvider(value) : value;

        public Array Array<T>(IReadOnlyList<T> rows)
            where T : class
        {
            var type = Mapping.Converter?.ProviderClrType ?? Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
            var array = System.Array.CreateInstance(IsNullable && type.IsValueType ? typeof(Nullable<>).MakeGenericType(type) : type, rows.Count);
            for (var r = 0; r < rows.Count; r++)
            {
                array.SetValue(StoreValue(rows[r]), r);
            }

            return array;
        }
    }
}
