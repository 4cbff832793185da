using System.Security.Authentication;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ModularShop.Modularity.Data;

/// <summary>What went wrong at the database, whatever the engine says it with.</summary>
public static class DatabaseFaults
{
    private const string SqlClient = "Microsoft.Data.SqlClient";

    private const string NpgsqlSignal = "System.Threading.ManualResetEventSlim";

    // Windows' SEC_E_UNTRUSTED_ROOT, SEC_E_WRONG_PRINCIPAL and SEC_E_CERT_EXPIRED.
    private const int UntrustedAuthority = unchecked((int)0x80090325);
    private const int OtherName = unchecked((int)0x80090322);
    private const int Expired = unchecked((int)0x80090328);

    private const string OutcomeUnknown = "ModularShop.OutcomeUnknown";

    // Told by SQL Server itself, in words of its own: what does not depend on the request and does not last.
    private static readonly int[] SqlServerIsUnavailable =
    [
        -2, // no answer in time
        701, 1204, 8645, // out of memory, of locks
        1101, 1105, 9002, // full: data, log
        3906, 4060, // read-only, not there
        976, 983, // a secondary replica, or one that is changing
        6005, 17142, // shutting down, paused
        10928, 10929, 40197, 40501, 40613, 49918, 49919, 49920, // Azure: busy or moving
    ];

    /// <summary>A duplicate key.</summary>
    public static bool IsUniqueViolation(this DbUpdateException exception) => exception.InnerException switch
    {
        SqliteException { SqliteExtendedErrorCode: 2067 or 1555 } => true,
        SqlException server when Says(server, 2601, 2627) => true,
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
        || (e is SqlException server && Says(server, 51000))
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
                case ObjectDisposedException { ObjectName: NpgsqlSignal }: // Npgsql, of a connection that broke between two statements of a transaction
                case SqlException { Class: >= 20 }: // the connection is gone, or never was: the number is the operating system's, on Linux 0
                case SqlException server when Says(server, SqlServerIsUnavailable):
                case InvalidOperationException { Source: SqlClient }: // no connection to be had from the pool, or one that broke between two statements of a transaction
                    return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether the work was given up because <paramref name="cancellationToken"/> said so, whatever the driver makes of it: SQL
    /// Server's reports a command that was cancelled as one that failed.
    /// </summary>
    public static bool IsCancelled(this Exception exception, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested && Has(exception, e => e is OperationCanceledException or SqlException { Number: 0 } or InvalidOperationException { Source: SqlClient });

    /// <summary>The database was told to commit and did not answer: it may have.</summary>
    public static bool IsOutcomeUnknown(this Exception exception) => Has(exception, e => e.Data.Contains(OutcomeUnknown));

    internal static void MarkOutcomeUnknown(this Exception exception) => exception.Data[OutcomeUnknown] = true;

    /// <summary>The database has not answered, or was stopped before it could: not one that has refused.</summary>
    internal static bool IsAnswerLost(this Exception exception) => Has(exception, e => e is
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown }
        or (NpgsqlException { IsTransient: true } and not PostgresException)
        or ObjectDisposedException { ObjectName: NpgsqlSignal }
        or SqlException { Class: >= 20 } or SqlException { Number: -2 });

    /// <summary>
    /// The certificate that SQL Server shows is of an authority that this machine does not trust, or for another name: waiting
    /// mends nothing. On Windows it is in the number, elsewhere in what the driver's exception wraps.
    /// </summary>
    internal static bool IsCertificateRefused(this Exception exception) => Has(exception, e => e is
        SqlException { Number: UntrustedAuthority or OtherName or Expired } or SqlException { InnerException: AuthenticationException { InnerException: null } });

    /// <summary>User name or password is wrong, or this user may not come from here.</summary>
    internal static bool IsLogInRefused(this Exception exception) => Has(exception, e => e is
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification }
        || (e is SqlException server && Says(server, 18456)));

    /// <summary>The role may not do this.</summary>
    internal static bool IsRightMissing(this Exception exception) => Has(exception, e => e is
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege }
        || (e is SqlException server && Says(server, 229, 262, 2760, 15247)));

    /// <summary>The engine chose this transaction as the one to roll back, so that others go on: run it again.</summary>
    public static bool IsDeadlock(this Exception exception) => Has(exception, e => e is
        PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure }
        || (e is SqlException server && Says(server, 1205, 3960)));

    /// <summary>
    /// The most telling message of a fault. SQL Server's client wraps on Linux a socket's error that says no more than "Success";
    /// SQLite calls a full disk an error of input and output where it finds it out by a file beside the database.
    /// </summary>
    internal static string DatabaseMessage(this Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case SqlException:
                    return e.Message;
                case SqliteException { SqliteErrorCode: 10 }:
                    return $"{e.Message} Its disk is full, or fails.";
            }
        }

        return exception.GetBaseException().Message;
    }

    /// <remarks>A statement can fail with several errors, and the first need not be the one that tells.</remarks>
    private static bool Says(SqlException exception, params ReadOnlySpan<int> numbers)
    {
        foreach (SqlError error in exception.Errors)
        {
            if (numbers.Contains(error.Number))
            {
                return true;
            }
        }

        return false;
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
