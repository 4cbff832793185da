using System.Data.Common;
using System.Diagnostics;

namespace Benchmarks.Data;

/// <summary>The processor time that others have taken. On a machine that is busy with more, it is the figure to trust.</summary>
internal static class Processor
{
    /// <summary>Connections of this name only look on; what they cost is nobody's.</summary>
    public const string Observer = "Benchmarks";

    public static TimeSpan Time(int process)
    {
        using var other = Process.GetProcessById(process);
        return other.TotalProcessorTime;
    }

    /// <summary>Of the server's processes that serve a database, by their numbers; empty for SQLite, which works in the host.</summary>
    public static async Task<IReadOnlyDictionary<int, TimeSpan>> TimesOfServerAsync(TestDatabase database)
    {
        var times = new Dictionary<int, TimeSpan>();
        if (database.ConnectionString is null)
        {
            return times;
        }

        await using var connection = new Npgsql.NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND application_name <> '{Observer}' AND pid <> pg_backend_pid()";
        await using var pids = await command.ExecuteReaderAsync();
        while (await pids.ReadAsync())
        {
            times[pids.GetInt32(0)] = Time(pids.GetInt32(0));
        }

        return times;
    }

    public static TimeSpan Since(this IReadOnlyDictionary<int, TimeSpan> after, IReadOnlyDictionary<int, TimeSpan> before) =>
        after.Aggregate(TimeSpan.Zero, (sum, now) => sum + now.Value - before.GetValueOrDefault(now.Key));
}
