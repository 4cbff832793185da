using Microsoft.Data.SqlClient;

namespace ModularShop.MoveTables;

/// <summary>Whether a database is set in a way that a move can do with.</summary>
internal static class SqlServerFitness
{
    /// <exception cref="UnfitDatabaseException">It is not.</exception>
    public static async Task CheckAsync(SqlConnection connection, CancellationToken cancellationToken)
    {
        var (snapshots, versions, durability, level) = (await connection.QueryAsync(
            null,
            "SELECT CAST(snapshot_isolation_state AS int), CAST(is_read_committed_snapshot_on AS int), CAST(delayed_durability AS int), CAST(compatibility_level AS int) FROM sys.databases WHERE database_id = DB_ID()",
            r => (r.GetInt32(0), r.GetInt32(1), r.GetInt32(2), r.GetInt32(3)), cancellationToken)).Single();
        var problem = (snapshots, versions, durability) switch
        {
            (not 1, _, _) => ("does not let rows be read as of one moment", "ALLOW_SNAPSHOT_ISOLATION ON"),
            // Who looks for the owner would wait for a fence that is tried, and could see half of a change of two tables.
            (_, not 1, _) => ("makes readers wait for writers", "READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE"),
            (_, _, 2) => ("answers a commit before it is on disk", "DELAYED_DURABILITY = ALLOWED"),
            _ when level < 130 && !await HasJsonAsync(connection, cancellationToken) => ($"has compatibility level {level}, and 130 is the least", "COMPATIBILITY_LEVEL = 130"),
            _ => default((string What, string Setting)?),
        };
        if (problem is (var what, var setting))
        {
            throw new UnfitDatabaseException(
                $"The database {connection.Database} on {connection.DataSource} {what}, which a move cannot do with. Its administrator says: ALTER DATABASE \"{connection.Database}\" SET {setting}");
        }
    }

    /// <remarks>A server that speaks T-SQL may name a level of its own.</remarks>
    private static async Task<bool> HasJsonAsync(SqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.ScalarAsync<string>(null, "SELECT [value] FROM OPENJSON(N'[\"1\"]')", cancellationToken) == "1";
        }
        catch (SqlException e) when (e.Class < 20)
        {
            return false;
        }
    }
}

/// <summary>The settings of a database do not suit a move; the message names the one to change.</summary>
internal sealed class UnfitDatabaseException(string message) : Exception(message);
