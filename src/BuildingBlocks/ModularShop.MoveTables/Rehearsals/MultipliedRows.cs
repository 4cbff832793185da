using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using ModularShop.Modularity.Data;

namespace ModularShop.MoveTables;

/// <summary>
/// Rows of a module again and again, with other keys: those of one copy fit together, within the module and beyond it,
/// as those of the original do. For SQLite and PostgreSQL.
/// </summary>
internal static class MultipliedRows
{
    private static readonly HashSet<string> Kept = new(StringComparer.Ordinal) { "CategoryId" };
    private static readonly HashSet<string> Numbered = new(StringComparer.Ordinal) { "Sku", "Subject" };

    /// <returns>The rows added.</returns>
    public static async Task<long> AddAsync(ModuleDbContext context, int copies, Func<string, bool> isMultiplied, CancellationToken cancellationToken = default)
    {
        var rows = 0L;
        context.Database.SetCommandTimeout(TimeSpan.FromMinutes(10));
        foreach (var table in Tables(context, isMultiplied))
        {
            rows += await context.Database.ExecuteSqlRawAsync(Statement(context, table, copies), cancellationToken);
        }

        if (context.Database.IsNpgsql())
        {
            // As the server's own upkeep has long done where rows come one by one.
            await context.Database.ExecuteSqlRawAsync("VACUUM ANALYZE", cancellationToken);
        }

        return rows;
    }

    public static async Task<long> CountAsync(ModuleDbContext context, Func<string, bool> isMultiplied, CancellationToken cancellationToken)
    {
        var rows = 0L;
        foreach (var table in Tables(context, isMultiplied))
        {
            var count = $"SELECT count(*) AS \"Value\" FROM {Name(context, table.Name)}";
            rows += await context.Database.SqlQueryRaw<long>(count).SingleAsync(cancellationToken);
        }

        return rows;
    }

    public static string Name(ModuleDbContext context, string table) => context.Database.IsNpgsql() ? $"\"{context.Schema}\".\"{table}\"" : $"\"{table}\"";

    private static IEnumerable<ITable> Tables(ModuleDbContext context, Func<string, bool> isMultiplied) =>
        context.Model.GetRelationalModel().Tables.Where(t => isMultiplied(t.Name)).OrderBy(t => t.ForeignKeyConstraints.Any());

    private static string Statement(ModuleDbContext context, ITable table, int copies)
    {
        var unique = table.Indexes.Where(i => i.IsUnique).Select(i => i.Columns).Concat(table.UniqueConstraints.Select(c => c.Columns))
            .Where(columns => !columns.Any(IsGuid)).SelectMany(columns => columns).ToHashSet();
        var columns = table.Columns.ToList();
        var values = columns.Select(c => Value(c, unique.Contains(c), context.Database.IsNpgsql()));
        return string.Create(CultureInfo.InvariantCulture, $"""
            WITH RECURSIVE copy(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < {copies})
            INSERT INTO {Name(context, table.Name)} ({string.Join(", ", columns.Select(c => $"\"{c.Name}\""))})
            SELECT {string.Join(", ", values)} FROM {Name(context, table.Name)} CROSS JOIN copy {(table.Name == "inbox" ? "WHERE \"State\" = 'Handled'" : "")}
            """);
    }

    private static string Value(IColumn column, bool isUnique, bool isNpgsql) => column switch
    {
        _ when Kept.Contains(column.Name) => $"\"{column.Name}\"",
        _ when Numbered.Contains(column.Name) => $"\"{column.Name}\" || '-' || n",
        // Of version 8, which no original is: a copy's number may be what an original ends in.
        _ when IsGuid(column) => isNpgsql
            ? $"overlay(overlay(\"{column.Name}\"::text placing '8' from 15) placing lpad(to_hex(n), 6, '0') from 31)::uuid"
            : $"substr(\"{column.Name}\", 1, 14) || '8' || substr(\"{column.Name}\", 16, 15) || printf('%06X', n)",
        _ when isUnique => isNpgsql ? "lpad((row_number() over ())::text, 10, '0')" : "printf('%010d', row_number() over ())",
        _ => $"\"{column.Name}\"",
    };

    private static bool IsGuid(IColumn column) =>
        (Nullable.GetUnderlyingType(column.PropertyMappings[0].Property.ClrType) ?? column.PropertyMappings[0].Property.ClrType) == typeof(Guid);
}
