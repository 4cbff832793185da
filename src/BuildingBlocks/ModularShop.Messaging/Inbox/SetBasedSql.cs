using System.Text;
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
    // SQL Server takes 2,100 parameters, SQLite 32,766, PostgreSQL 65,535.
    private const int MaxParameters = 2000;

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
        var columns = type.GetProperties().Select(p => new Column(p)).ToList();
        var inserted = 0;
        foreach (var chunk in rows.Chunk(MaxParameters / columns.Count))
        {
            await using var command = context.Database.GetDbConnection().CreateCommand();
            command.Transaction = context.Database.CurrentTransaction!.GetDbTransaction();
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

            command.CommandText = Statement(context, type, columns, values);
            inserted += await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return inserted;
    }

    private static string Statement(ModuleDbContext context, IEntityType type, List<Column> columns, string[] values)
    {
        var table = TableOf(context, type.ClrType);
        var names = string.Join(", ", columns.Select(c => $"\"{c.Name}\""));
        if (context.Database.ProviderName != "Microsoft.EntityFrameworkCore.SqlServer")
        {
            return $"INSERT INTO {table} ({names}) VALUES {string.Join(", ", values)} ON CONFLICT DO NOTHING";
        }

        var key = string.Join(" AND ", type.FindPrimaryKey()!.Properties.Select(p => $"t.\"{p.GetColumnName()}\" = v.\"{p.GetColumnName()}\""));
        return new StringBuilder($"INSERT INTO {table} ({names}) SELECT {names} FROM (VALUES {string.Join(", ", values)}) AS v ({names})")
            .Append($" WHERE NOT EXISTS (SELECT 1 FROM {table} AS t WITH (UPDLOCK, HOLDLOCK) WHERE {key})").ToString();
    }

    private sealed class Column(IProperty property)
    {
        public string Name { get; } = property.GetColumnName();

        public bool IsNullable { get; } = property.IsNullable;

        public RelationalTypeMapping Mapping { get; } = property.GetRelationalTypeMapping();

        public object? Get(object row) => property.GetGetter().GetClrValue(row);
    }
}
