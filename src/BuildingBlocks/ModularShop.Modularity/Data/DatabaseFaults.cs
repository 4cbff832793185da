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

    /// <summary>Somebody else has changed, or made, the same thing meanwhile. Which of the two the database tells first is its own affair.</summary>
    public static bool IsLostRace(this DbUpdateException exception) => exception is DbUpdateConcurrencyException || exception.IsUniqueViolation();

    /// <summary>
    /// The database refuses every write of the module's tables: the data is moving to another database, or has moved. Nothing
    /// of the transaction is committed.
    /// </summary>
    public static bool IsModuleMoved(this Exception exception) => Has(exception, e => e is
        PostgresException { SqlState: "MV001" }
        || (e is SqlException server && server.Errors.Cast<SqlError>().Any(error => error.Number == 51000))
        || (e is SqliteException lite && lite.Message.Contains("MODULE_MOVED", StringComparison.Ordinal)));

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
                case PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure }:
                    return false;
                case SqliteException { SqliteErrorCode: 5 or 6 or 8 or 10 or 13 or 14 }: // busy, locked, read-only, I/O, full, cannot open
                case NpgsqlException { IsTransient: true }:
                case PostgresException { SqlState: PostgresErrorCodes.DiskFull or PostgresErrorCodes.ReadOnlySqlTransaction or "25P03" }: // 25P03: idle in a transaction for too long
                case ObjectDisposedException { ObjectName: "System.Threading.ManualResetEventSlim" }: // Npgsql, of a connection that broke between two statements of a transaction
                case SqlException { Class: >= 20 }: // the connection is gone, or never was: the number is the operating system's, on Linux 0
                case SqlException { Number: -2 or 1105 or 3906 or 4060 or 9002 }: // timeout, full, read-only, not there, log full
                case SqlException { Number: 10928 or 10929 or 40197 or 40501 or 40613 or 49918 or 49919 or 49920 }: // Azure: busy or moving
                    return true;
            }
        }

        return false;
    }

    /// <summary>User name or password is wrong, or this user may not come from here.</summary>
    internal static bool IsLogInRefused(this Exception exception) => Has(exception, e => e is
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } or SqlException { Number: 18456 });

    /// <summary>The role may not do this.</summary>
    internal static bool IsRightMissing(this Exception exception) => Has(exception, e => e is
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } or SqlException { Number: 229 or 262 or 2760 or 15247 });

    /// <summary>The engine chose this transaction as the one to roll back, so that others go on: run it again.</summary>
    public static bool IsDeadlock(this Exception exception) => Has(exception, e => e is
        PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure } or SqlException { Number: 1205 or 3960 });

    /// <summary>The most telling message of a fault. SQL Server's client wraps on Linux a socket's error that says no more than "Success".</summary>
    internal static string DatabaseMessage(this Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is SqlException)
            {
                return e.Message;
            }
        }

        return exception.GetBaseException().Message;
    }

    private static bool Has(Exception exception, Func<Exception, bool> fault)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (fault(e))
            {
                return true;
            }
        }

        return false;
    }
}
