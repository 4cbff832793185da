using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Benchmarks.Moves;

/// <summary>How fast the engine itself brings the rows over, its own way, with the indexes made afterwards as the move does; and how fast it goes row by row through EF.</summary>
internal static class EnginePath
{
    private const int NaiveRows = 20_000;

    /// <summary>From the first database to the second, which is of the same engine. PostgreSQL: binary COPY | COPY. SQLite: ATTACH and INSERT … SELECT.</summary>
    /// <returns>Rows per second.</returns>
    public static async Task<double> CopyAsync(TestDatabase source, TestDatabase target, int rows)
    {
        await using var context = target.Open<GoodsDbContext>();
        await context.Database.EnsureCreatedAsync();
        var indexes = context.Model.GetRelationalModel().Tables.Single(t => t.Name == "goods").Indexes.ToList();
        var schema = context.Database.IsNpgsql() ? "\"goods\"." : "";
        foreach (var index in indexes)
        {
            var drop = $"DROP INDEX {schema}\"{index.Name}\"";
            await context.Database.ExecuteSqlRawAsync(drop);
        }

        var clock = Stopwatch.StartNew();
        await (context.Database.IsNpgsql() ? StreamAsync(source, target) : SelectAsync(source, target));
        context.Database.SetCommandTimeout(TimeSpan.FromMinutes(5));
        foreach (var index in indexes)
        {
            var create = $"CREATE {(index.IsUnique ? "UNIQUE" : "")} INDEX \"{index.Name}\" ON {schema}\"goods\" ({string.Join(", ", index.Columns.Select(c => $"\"{c.Name}\""))})";
            await context.Database.ExecuteSqlRawAsync(create);
        }

        return rows / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Rows read as entities, added to a context and saved, 1,000 at a time.</summary>
    public static async Task<double> EntitiesAsync(TestDatabase source, TestDatabase target)
    {
        await using var from = source.Open<GoodsDbContext>();
        await using (var made = target.Open<GoodsDbContext>())
        {
            await made.Database.EnsureCreatedAsync();
        }

        var clock = Stopwatch.StartNew();
        await foreach (var chunk in from.Set<Good>().AsNoTracking().OrderBy(g => g.Id).Take(NaiveRows).AsAsyncEnumerable().Chunk(1000))
        {
            await using var to = target.Open<GoodsDbContext>();
            to.AddRange(chunk);
            await to.SaveChangesAsync();
        }

        return NaiveRows / clock.Elapsed.TotalSeconds;
    }

    private static async Task StreamAsync(TestDatabase source, TestDatabase target)
    {
        await using var from = new NpgsqlConnection(source.ConnectionString);
        await using var to = new NpgsqlConnection(target.ConnectionString);
        await from.OpenAsync();
        await to.OpenAsync();
        await using var reading = await from.BeginRawBinaryCopyAsync("COPY goods.goods TO STDOUT (FORMAT BINARY)");
        await using var writing = await to.BeginRawBinaryCopyAsync("COPY goods.goods FROM STDIN (FORMAT BINARY)");
        await reading.CopyToAsync(writing);
    }

    private static async Task SelectAsync(TestDatabase source, TestDatabase target)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(target.Folder, "goods.db")}");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA synchronous = FULL; ATTACH '{Path.Combine(source.Folder, "goods.db")}' AS source; INSERT INTO goods SELECT * FROM source.goods";
        command.CommandTimeout = 300;
        await command.ExecuteNonQueryAsync();
    }
}
