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
    public static async Task<int> InsertNewAsync<T>(this ModuleDbContext context, IReadOnlyList<T> rows, CancellationToken cancellationToken)
        where T : class
    {
        var type = context.Model.FindEntityType(typeof(T))!;
        var columns = Columns.GetValue(type, static t => [.. t.GetProperties().Select(p => new Column(p))]);
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.Transaction = context.Database.CurrentTransaction!.GetDbTransaction();
        return context.Provider switch
        {
            DatabaseProvider.PostgreSql => await UnnestAsync(context, command, type, columns, rows, cancellationToken),
            DatabaseProvider.Sqlite => await RepeatAsync(context, command, type, columns, rows, cancellationToken),
            _ => await ValuesAsync(context, command, type, columns, rows, cancellationToken),
        };
    }

    /// <summary>PostgreSQL: one statement whose text never changes, with an array for each column.</summary>
    private static Task<int> UnnestAsync<T>(
        ModuleDbContext context, DbCommand command, IEntityType type, List<Column> columns, IReadOnlyList<T> rows, CancellationToken cancellationToken)
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

        command.CommandText = $"INSERT INTO {TableOf(context, type.ClrType)} ({Names(columns)}) SELECT * FROM unnest({string.Join(", ", arrays)}) ON CONFLICT DO NOTHING";
        return command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>SQLite: it is in this process, so a prepared statement per row is the cheapest.</summary>
    private static async Task<int> RepeatAsync<T>(
        ModuleDbContext context, DbCommand command, IEntityType type, List<Column> columns, IReadOnlyList<T> rows, CancellationToken cancellationToken)
        where T : class
    {
        var names = Enumerable.Range(0, columns.Count).Select(c => $"@c{c}").ToList();
        command.CommandText = $"INSERT INTO {TableOf(context, type.ClrType)} ({Names(columns)}) VALUES ({string.Join(", ", names)}) ON CONFLICT DO NOTHING";
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
        ModuleDbContext context, DbCommand command, IEntityType type, List<Column> columns, IReadOnlyList<T> rows, CancellationToken cancellationToken)
        where T : class
    {
        var inserted = 0;
        foreach (var chunk in rows.Chunk(MaxParameters / columns.Count))
        {
            command.Parameters.Clear();
            var values = new string[chunk.Length];
            for (var r = 0; r < chunk.Length; r++)
            {
                var names = new string[columns.Count];
                for (var c = 0; c < columns.Count; c++)
                {
                    names[c] = $"@p{r}_{c}";
                    command.Parameters.Add(columns[c].Mapping.CreateParameter(command, names[c], columns[c].Get(chunk[r]), columns[c].IsNullable));
                }

                values[r] = $"({string.Join(", ", names)})";
            }

            var table = TableOf(context, type.ClrType);
            var key = string.Join(" AND ", type.FindPrimaryKey()!.Properties.Select(p => $"t.\"{p.GetColumnName()}\" = v.\"{p.GetColumnName()}\""));
            command.CommandText = $"""
                INSERT INTO {table} ({Names(columns)}) SELECT {Names(columns)} FROM (VALUES {string.Join(", ", values)}) AS v ({Names(columns)})
                WHERE NOT EXISTS (SELECT 1 FROM {table} AS t WITH (UPDLOCK, HOLDLOCK) WHERE {key})
                """;
            inserted += await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return inserted;
    }

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
