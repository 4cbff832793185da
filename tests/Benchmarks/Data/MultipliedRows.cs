using System.Globalization;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Benchmarks.Data;

/// <summary>
/// Every row of a module again and again, with other keys: those of one copy fit together, within the module and
/// beyond it, as those of the original do.
/// </summary>
internal static class MultipliedRows
{
    /// <summary>What a shop has once, however much it sells; and what is not past.</summary>
    private static readonly HashSet<string> Once = new(StringComparer.Ordinal) { "categories", "countries", "rates", "rate_prices", "invoice_numbers", "lease", "outbox", "ownership", "routing" };

    /// <returns>The rows added.</returns>
    public static async Task<long> AddAsync(ModuleDbContext context, int copies)
    {
        var rows = 0L;
        context.Database.SetCommandTimeout(TimeSpan.FromMinutes(2));
        foreach (var table in context.Model.GetRelationalModel().Tables.Where(t => !Once.Contains(t.Name)).OrderBy(t => t.ForeignKeyConstraints.Any()))
        {
            rows += await context.Database.ExecuteSqlRawAsync(Statement(context, table, copies));
        }

        if (context.Database.IsNpgsql())
        {
            // As the server's own upkeep has long done where rows come one by one.
            await context.Database.ExecuteSqlRawAsync("VACUUM ANALYZE");
        }

        return rows;
    }

    public static string Name(ModuleDbContext context, string table) => context.Database.IsNpgsql() ? $"\"{context.Schema}\".\"{table}\"" : $"\"{table}\"";

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
        { Name: "CategoryId" } => $"\"{column.Name}\"",
        { Name: "Sku" or "Subject" } => $"\"{column.Name}\" || '-' || n",
        _ when IsGuid(column) => isNpgsql
            ? $"overlay(\"{column.Name}\"::text placing lpad(to_hex(n), 6, '0') from 31)::uuid"
            : $"substr(\"{column.Name}\", 1, 30) || printf('%06X', n)",
        _ when isUnique => isNpgsql ? "lpad((row_number() over ())::text, 10, '0')" : "printf('%010d', row_number() over ())",
        _ => $"\"{column.Name}\"",
    };

    private static bool IsGuid(IColumn column) =>
        (Nullable.GetUnderlyingType(column.PropertyMappings[0].Property.ClrType) ?? column.PropertyMappings[0].Property.ClrType) == typeof(Guid);
}
