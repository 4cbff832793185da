using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ModularShop.Modularity.Data;

/// <summary>What went wrong at the database, whatever the engine says it with.</summary>
public static class DatabaseFaults
{
    /// <summary>A duplicate key.</summary>
    public static bool IsUniqueViolation(this DbUpdateException exception) => exception.InnerException switch
    {
        SqliteException { SqliteExtendedErrorCode: 2067 or 1555 } => true,
        SqlException { Number: 2601 or 2627 } => true,
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } => true,
        _ => false,
    };

    /// <summary>
    /// The database, not the request, is at fault: gone, full, read-only or locked for longer than a writer
    /// waits. The same work can succeed later.
    /// </summary>
    public static bool IsDatabaseUnavailable(this Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case SqliteException { SqliteErrorCode: 5 or 6 or 8 or 10 or 13 or 14 }: // busy, locked, read-only, I/O, full, cannot open
                case PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure }:
                    return false;
                case NpgsqlException { IsTransient: true }:
                case PostgresException { SqlState: PostgresErrorCodes.DiskFull or PostgresErrorCodes.ReadOnlySqlTransaction }:
                case SqlException { Number: -2 or 2 or 53 or 233 or 1105 or 3906 or 4060 or 9002 or 10053 or 10054 or 10060 or 10061 }:
                    return true;
            }
        }

        return false;
    }

    /// <summary>The engine chose this transaction as the one to roll back, so that others go on: run it again.</summary>
    public static bool IsDeadlock(this Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure } or SqlException { Number: 1205 or 3960 })
            {
                return true;
            }
        }

        return false;
    }
}
