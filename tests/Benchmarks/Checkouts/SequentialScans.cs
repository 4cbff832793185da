using System.Globalization;

namespace Benchmarks.Checkouts;

/// <summary>What PostgreSQL has read without an index: the usual reason for a cost that grows with the data.</summary>
internal static class SequentialScans
{
    public static async Task<IReadOnlyDictionary<string, long>> RowsAsync(TestDatabase database)
    {
        var rows = new Dictionary<string, long>(StringComparer.Ordinal);
        if (database.Options.Provider is not DatabaseProvider.PostgreSql)
        {
            return rows;
        }

        await using var context = database.OpenAll().First();
        await context.Database.OpenConnectionAsync();
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = "SELECT schemaname || '.' || relname, seq_tup_read FROM pg_stat_user_tables";
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows[reader.GetString(0)] = reader.IsDBNull(1) ? 0 : reader.GetInt64(1);
        }

        return rows;
    }

    /// <summary>The five tables of which most rows were read, per checkout.</summary>
    public static string Most(IReadOnlyDictionary<string, long> before, IReadOnlyDictionary<string, long> after, int checkouts) => string.Join(", ", after
        .Select(t => (Table: t.Key, Rows: (double)(t.Value - before.GetValueOrDefault(t.Key)) / checkouts))
        .Where(t => t.Rows >= 1).OrderByDescending(t => t.Rows).Take(5)
        .Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Table} {t.Rows:F0}")));
}
