using System.Data.Common;
using Microsoft.Data.Sqlite;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;
using Npgsql;

namespace ModularShop.TestKit;

/// <summary>
/// What a move of a module's data does to one of the two databases, and no more: refuses every write of its tables by
/// triggers, and says so in its ownership row, in one transaction; says how far the other database has been followed.
/// </summary>
public sealed class Fence(TestDatabase database, string module)
{
    /// <summary>Neither fenced nor moved.</summary>
    private static readonly string[] Spared = ["ownership", "replication", "routing", "lease"];

    private const int Attempts = 10;

    private readonly string _schema = module.ToLowerInvariant();

    private bool IsSqlite => database.Options.Provider is DatabaseProvider.Sqlite;

    /// <summary>Nobody writes any more; the owner stays who it was.</summary>
    public Task RaiseAsync() => InTransactionAsync(async command =>
    {
        await DenyAsync(command, deny: true);
        await OwnAsync(command, owner: null, fenced: true);
    });

    /// <summary>The owner writes again.</summary>
    public Task LowerAsync() => InTransactionAsync(async command =>
    {
        await DenyAsync(command, deny: false);
        await OwnAsync(command, owner: null, fenced: false);
    });

    /// <summary>Writes are refused here from now on, for they are another database's, and this one follows that. Returns the epoch of it.</summary>
    public async Task<long> GiveAwayAsync(Owner to)
    {
        long epoch = 0;
        await InTransactionAsync(async command =>
        {
            await DenyAsync(command, deny: true);
            await OwnAsync(command, to, fenced: false);
            await FollowAsync(command, ReplicationState.Running, TimeProvider.System.GetUtcNow());
            command.CommandText = $"SELECT \"Epoch\" FROM {Table("ownership")}";
            epoch = (long)(await command.ExecuteScalarAsync())!;
        });
        return epoch;
    }

    /// <summary>Writes are taken here from now on, in that epoch, and nothing is followed any more.</summary>
    public Task TakeOverAsync(Owner owner, long epoch) => InTransactionAsync(async command =>
    {
        await DenyAsync(command, deny: false);
        await ExecuteAsync(command, $"DELETE FROM {Table("replication")}");
        await OwnAsync(command, owner, fenced: false, epoch);
    });

    /// <summary>This database follows the other one; it was last known to be equal to it then.</summary>
    public Task FollowAsync(ReplicationState state, DateTimeOffset? caughtUpAt) => InTransactionAsync(command => FollowAsync(command, state, caughtUpAt));

    private async Task FollowAsync(DbCommand command, ReplicationState state, DateTimeOffset? caughtUpAt)
    {
        await ExecuteAsync(command, $"DELETE FROM {Table("replication")}");
        command.Parameters.Clear();
        Add(command, "@workflow", IsSqlite ? Guid.Empty.ToString() : Guid.Empty);
        Add(command, "@caught", caughtUpAt is { } caught ? Instant(caught) : DBNull.Value);
        Add(command, "@at", Instant(TimeProvider.System.GetUtcNow()));
        await ExecuteAsync(command, $"""
            INSERT INTO {Table("replication")} ("Module", "Workflow", "Epoch", "State", "CaughtUpAt", "At") VALUES ('{module}', @workflow, 1, '{state}', @caught, @at)
            """);
        command.Parameters.Clear();
    }

    private async Task OwnAsync(DbCommand command, Owner? owner, bool fenced, long? epoch = null)
    {
        command.Parameters.Clear();
        Add(command, "@fenced", fenced);
        Add(command, "@at", Instant(TimeProvider.System.GetUtcNow()));
        var (next, setOwner) = (epoch is { } given ? $"{given}" : "ownership.\"Epoch\" + 1", owner is null ? "" : ", \"Owner\" = excluded.\"Owner\"");
        await ExecuteAsync(command, $"""
            INSERT INTO {Table("ownership")} ("Module", "Owner", "Epoch", "Fenced", "ChangedAt", "By", "Reason") VALUES ('{module}', '{owner ?? Owner.Monolith}', {epoch ?? 2}, @fenced, @at, 'tests', 'a test')
            ON CONFLICT ("Module") DO UPDATE SET "Epoch" = {next}, "Fenced" = excluded."Fenced"{setOwner}
            """);
        command.Parameters.Clear();
    }

    private async Task DenyAsync(DbCommand command, bool deny)
    {
        if (!IsSqlite)
        {
            await ExecuteAsync(command, $"""
                CREATE OR REPLACE FUNCTION "{_schema}".deny_writes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'MODULE_MOVED' USING ERRCODE = 'MV001'; END $$
                """);
        }

        foreach (var table in await TablesAsync(command))
        {
            foreach (var verb in IsSqlite ? new[] { "INSERT", "UPDATE", "DELETE" } : ["INSERT OR UPDATE OR DELETE"])
            {
                var name = $"\"deny_{verb.Split(' ')[0].ToLowerInvariant()}_{table}\"";
                await ExecuteAsync(command, $"DROP TRIGGER IF EXISTS {name}{(IsSqlite ? "" : $" ON {Table(table)}")}");
                if (deny)
                {
                    await ExecuteAsync(command, IsSqlite
                        ? $"CREATE TRIGGER {name} BEFORE {verb} ON {Table(table)} BEGIN SELECT RAISE(ABORT, 'MODULE_MOVED'); END"
                        : $"CREATE TRIGGER {name} BEFORE {verb} ON {Table(table)} FOR EACH STATEMENT EXECUTE FUNCTION \"{_schema}\".deny_writes()");
                }
            }
        }
    }

    private async Task<List<string>> TablesAsync(DbCommand command)
    {
        command.CommandText = IsSqlite
            ? "SELECT name FROM sqlite_master WHERE type = 'table'"
            : $"SELECT table_name FROM information_schema.tables WHERE table_schema = '{_schema}' AND table_type = 'BASE TABLE'";
        var tables = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            if (reader.GetString(0) is var table && !Spared.Contains(table, StringComparer.Ordinal) && !table.StartsWith("__ef", StringComparison.Ordinal)
                && !table.StartsWith("sqlite_", StringComparison.Ordinal) && !table.StartsWith("qrtz_", StringComparison.Ordinal))
            {
                tables.Add(table);
            }
        }

        return tables;
    }

    /// <remarks>Once more where writers, who take the tables in an order of their own, stood in the way of the triggers.</remarks>
    private async Task InTransactionAsync(Func<DbCommand, Task> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await AttemptAsync(work);
                return;
            }
            catch (PostgresException e) when (e.IsDeadlock() && attempt < Attempts)
            {
                // It has changed nothing.
            }
        }
    }

    private async Task AttemptAsync(Func<DbCommand, Task> work)
    {
        var connectionString = ModuleDatabase.ConnectionStringOf(module, database.Options, database.Folder);
        await using DbConnection connection = IsSqlite ? new SqliteConnection(connectionString) : new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
#pragma warning disable RS0030 // not a module's own transaction
        await using var transaction = await connection.BeginTransactionAsync();
#pragma warning restore RS0030
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        await work(command);
        await transaction.CommitAsync();
    }

    private static async Task ExecuteAsync(DbCommand command, string sql)
    {
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }

    /// <summary>As the modules' own context writes it.</summary>
    private static DateTime Instant(DateTimeOffset instant) => new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);

    private string Table(string name) => IsSqlite ? $"\"{name}\"" : $"\"{_schema}\".\"{name}\"";
}
