using System.Data;
using System.Data.Common;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;

namespace ModularShop.MoveTables;

/// <summary>All that differs from engine to engine when a module's tables are moved.</summary>
/// <remarks>
/// :: Capture: a trigger per table writes the key of every changed row into the change log, in the writer's transaction.
/// :: Deny: a trigger per table refuses every write but the replicator's, with MODULE_MOVED. Both are made at create and
/// switched on and off afterwards, so that a fence makes nothing.
/// </remarks>
internal abstract partial class Engine
{
    public const string ChangeLog = MoveMark.Table;
    public const string Coordinator = "move_coordinator";
    public const string Checkpoints = "move_checkpoints";
    public const string Moved = "MODULE_MOVED";

    protected const string CapturePrefix = "move_capture_";
    protected const string DenyPrefix = "move_deny_";

    /// <summary>How long a server is waited for, except by a statement that goes through whole tables.</summary>
    protected const int LongestStatementSeconds = 30;

    /// <summary>How long one attempt to fence may hold writers up.</summary>
    public static readonly TimeSpan LongestAttempt = TimeSpan.FromMilliseconds(300);

    public static Engine Of(DatabaseProvider provider) => provider switch
    {
        DatabaseProvider.Sqlite => new SqliteEngine(),
        DatabaseProvider.PostgreSql => new PostgreSqlEngine(),
        _ => new SqlServerEngine(),
    };

    public abstract DatabaseProvider Provider { get; }

    /// <summary>In milliseconds since 1970, by the clock of the database.</summary>
    public abstract string Now { get; }

    /// <summary>A session of the coordinator: its commits are on disk when they return.</summary>
    /// <param name="checksForeignKeys">False while rows are being loaded before the rows that they name.</param>
    public abstract Task<DbConnection> OpenAsync(string connectionString, bool checksForeignKeys, CancellationToken cancellationToken);

    public abstract string Table(string schema, string table);

    /// <summary>All reads in it see the database as it is at the first.</summary>
    public abstract ValueTask<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken);

    public abstract ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Its writes from here to the commit are the replicator's: neither captured nor denied.</summary>
    public abstract Task BeginReplicatingAsync(DbConnection connection, DbTransaction transaction, string schema, CancellationToken cancellationToken);

    /// <summary>Right before the commit of what <see cref="BeginReplicatingAsync"/> began.</summary>
    public virtual Task EndReplicatingAsync(DbConnection connection, DbTransaction transaction, string schema, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Who coordinates moves, and which move a target belongs to. The row stays: a coordinator that wakes up after its move has
    /// ended must find that it is none any more.
    /// </summary>
    public string CreateCoordinator(string schema) =>
        CreateTable(schema, Coordinator, $"\"Module\" {ShortText} NOT NULL PRIMARY KEY, \"Epoch\" bigint NOT NULL, \"Workflow\" {ShortText} NULL");

    /// <summary>The change log and what else triggers and copy need, each where it is not there yet.</summary>
    public abstract IEnumerable<string> CreatePlumbing(string schema);

    public abstract IEnumerable<string> DropPlumbing(string schema);

    /// <summary>The tables of <see cref="MoveStore"/>, each where it is not there yet. Whole numbers and text alone: all engines take them alike.</summary>
    public IEnumerable<string> CreateMoveTables(string schema) =>
    [
        CreateTable(schema, MoveStore.Moves, $"""
            "Id" {ShortText} NOT NULL PRIMARY KEY, "Module" {ShortText} NOT NULL, "Format" bigint NOT NULL, "State" {ShortText} NOT NULL, "Returns" {ShortText} NULL, "Epoch" bigint NOT NULL,
            "Holder" {ShortText} NULL, "LeaseUntil" bigint NOT NULL, "IsPaused" bigint NOT NULL, "RowsPerSecond" bigint NULL, "Target" {LongText} NOT NULL, "CreatedAt" bigint NOT NULL,
            "CreatedBy" {ShortText} NOT NULL, "ChangedAt" bigint NOT NULL, "Trouble" {LongText} NULL, "Progress" {LongText} NULL, "Command" {LongText} NULL, "IsAsked" bigint NULL,
            "VDiff" {LongText} NULL, "Comparing" {LongText} NULL, "Gap" {LongText} NULL, "IsOpened" bigint NOT NULL, "Place" {ShortText} NOT NULL UNIQUE
            """),
        CreateTable(schema, MoveStore.History, $"""
            "Workflow" {ShortText} NOT NULL, "Number" bigint NOT NULL, "At" bigint NOT NULL, "By" {ShortText} NOT NULL, "State" {ShortText} NOT NULL, "What" {LongText} NOT NULL,
            "Evidence" {LongText} NULL, PRIMARY KEY ("Workflow", "Number")
            """),
    ];

    public abstract Task<bool> HasTableAsync(DbConnection connection, DbTransaction? transaction, string schema, string table, CancellationToken cancellationToken);

    /// <summary>Gives a table another name; its rows, and the indexes on them, stay.</summary>
    public abstract string RenameTable(string schema, string from, string to);

    public string DropTable(string schema, string table) => $"DROP TABLE IF EXISTS {Table(schema, table)}";

    /// <summary>Until the commit nobody tidies up the tables: that would keep them from being switched. Others read and write them meanwhile.</summary>
    public virtual Task HoldOffMaintenanceAsync(DbConnection connection, DbTransaction transaction, string schema, MovedTables tables, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Before <see cref="SwitchTriggersAsync"/> denies: every write under way has ended, and none begins until the commit.
    /// Fails, soon, where one doesn't end.
    /// </summary>
    /// <exception cref="FenceBlockedException">A transaction holds a table for longer than <see cref="LongestAttempt"/>.</exception>
    public abstract Task LockOutWritersAsync(DbConnection connection, DbTransaction transaction, string schema, MovedTables tables, CancellationToken cancellationToken);

    /// <summary>Before <see cref="SwitchTriggersAsync"/> opens tables: that fails, soon, where somebody keeps them.</summary>
    public virtual Task HurryToOpenAsync(DbConnection connection, DbTransaction transaction, string schema, MovedTables tables, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Sessions of coordinators before <paramref name="epoch"/> that hold the token, of a process that was stopped or a machine that is gone: where the server does not end them by itself.</summary>
    public virtual Task EndPredecessorsAsync(DbConnection connection, string schema, string module, long epoch, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Who keeps the tables from being fenced, for a person to read; null where nobody is seen.</summary>
    public abstract Task<string?> BlockersAsync(DbConnection connection, string schema, MovedTables tables, CancellationToken cancellationToken);

    /// <summary>A change of a table waits for its readers and writers; not for ever, for others wait behind it.</summary>
    public virtual Task LimitLockWaitAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Fails where a row names one that is not there; for engines that do not see to it when the constraint is made.</summary>
    public virtual Task CheckForeignKeysAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>As the engine sorts keys.</summary>
    public abstract int Compare(object one, object other);

    public int Compare(RowKey one, RowKey other)
    {
        for (var i = 0; i < one.Values.Length; i++)
        {
            if (Compare(one.Values[i], other.Values[i]) is not 0 and var order)
            {
                return order;
            }
        }

        return 0;
    }

    /// <summary>Whether rows that follow each other here do so in the other engine.</summary>
    public bool SortsAlike(Engine other, MovedTable table) =>
        Provider == other.Provider || table.KeyColumns.All(c => c.Type == typeof(int) || c.Type == typeof(long))
        || (Provider is not DatabaseProvider.SqlServer && other.Provider is not DatabaseProvider.SqlServer);

    /// <summary>The columns that a table has, whatever the model says of it.</summary>
    public async Task<IReadOnlyList<DbColumn>> ColumnsAsync(DbConnection connection, string schema, string table, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(null, $"SELECT * FROM {Table(schema, table)} WHERE 1 = 0");
        await using var reader = await command.ExecuteReaderAsync(Look, cancellationToken);
        return await reader.GetColumnSchemaAsync(cancellationToken);
    }

    /// <summary>What a reader has to be asked for, so that it knows which columns take NULL.</summary>
    protected virtual CommandBehavior Look => CommandBehavior.KeyInfo;

    /// <summary>Rows in the order of the key, those after <paramref name="after"/> up to <paramref name="upTo"/>, which is one of them; null is no bound.</summary>
    public async Task<List<object?[]>> ReadChunkAsync(
        DbConnection connection, string schema, MovedTable table, RowKey? after, int most, CancellationToken cancellationToken, RowKey? upTo = null)
    {
        await using var command = ChunkCommand(connection, schema, table, Names(table.Columns), after, upTo, most);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<object?[]>(most);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(reader.ReadRow(table));
        }

        return rows;
    }

    public async Task<List<RowKey>> ReadKeyChunkAsync(
        DbConnection connection, string schema, MovedTable table, RowKey? after, int most, CancellationToken cancellationToken)
    {
        await using var command = ChunkCommand(connection, schema, table, Names(table.KeyColumns), after, null, most);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<RowKey>(most);
        while (await reader.ReadAsync(cancellationToken))
        {
            keys.Add(reader.ReadKey(table));
        }

        return keys;
    }

    /// <summary>The rows whose columns <paramref name="where"/> hold one of <paramref name="values"/>; those of no row are left out.</summary>
    public abstract Task<List<object?[]>> ReadRowsAsync(
        DbConnection connection, DbTransaction? transaction, string schema, MovedTable table, IReadOnlyList<int> where, IReadOnlyList<object[]> values,
        CancellationToken cancellationToken);

    /// <summary>As <see cref="ReadRowsAsync"/>, but the rows' keys alone.</summary>
    public abstract Task<List<RowKey>> ReadKeysAsync(
        DbConnection connection, DbTransaction? transaction, string schema, MovedTable table, IReadOnlyList<int> where, IReadOnlyList<object[]> values,
        CancellationToken cancellationToken);

    /// <summary>The engine's fastest way to add rows that are not there yet.</summary>
    public abstract Task InsertAsync(
        DbConnection connection, DbTransaction transaction, string schema, MovedTable table, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken);

    /// <summary>Adds rows, or makes those that are there equal to them.</summary>
    public abstract Task UpsertAsync(
        DbConnection connection, DbTransaction transaction, string schema, MovedTable table, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken);

    public abstract Task DeleteAsync(
        DbConnection connection, DbTransaction transaction, string schema, MovedTable table, IReadOnlyList<RowKey> keys, CancellationToken cancellationToken);

    /// <summary>How many bytes the tables of @schema and their indexes take.</summary>
    public abstract string SizeSql { get; }

    /// <summary>How many bytes more a database can hold; null where its server does not say.</summary>
    public virtual long? Room(string connectionString) => null;

    public abstract Task DeleteLogAsync(DbConnection connection, DbTransaction transaction, string schema, IReadOnlyList<long> ids, CancellationToken cancellationToken);

    /// <summary>The oldest rows of the change log.</summary>
    public abstract string ReadLogSql(string schema, int most);

    /// <summary>How many rows the change log has, as far as <paramref name="most"/>.</summary>
    public virtual string CountLogSql(string schema, int most) => $"SELECT count(*) FROM (SELECT 1 FROM {Table(schema, ChangeLog)} LIMIT {most}) AS l";

    /// <summary>Another transaction did not let go of what was wanted in time.</summary>
    public virtual bool IsBlocked(Exception exception) => exception is FenceBlockedException;

    /// <summary>The database, or what it is configured by, cannot hold what it is asked to, and trying again will not help.</summary>
    public abstract bool IsRefusedValue(Exception exception);

    /// <summary>Up to 200 characters.</summary>
    protected virtual string ShortText => "text";

    protected virtual string LongText => "text";

    protected virtual string CreateTable(string schema, string table, string columns) => $"CREATE TABLE IF NOT EXISTS {Table(schema, table)} ({columns})";

    protected abstract string First(int most, string selection);

    protected static string Names(IEnumerable<MovedColumn> columns) => string.Join(", ", columns.Select(c => $"\"{c.Name}\""));

    protected static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    protected static string LogColumns(MovedTable table) => $"\"Table\", {string.Join(", ", table.Key.Select((_, i) => $"\"K{i + 1}\""))}";

    private DbCommand ChunkCommand(DbConnection connection, string schema, MovedTable table, string columns, RowKey? after, RowKey? upTo, int most)
    {
        var keys = table.KeyColumns.Select(c => $"\"{c.Name}\"").ToList();
        string[] bounds = [.. after is null ? [] : new[] { Bound(keys, ">", ">", "a") }, .. upTo is null ? [] : new[] { Bound(keys, "<", "<=", "b") }];
        var where = bounds.Length == 0 ? "" : $" WHERE {string.Join(" AND ", bounds)}";
        var command = connection.Command(null, First(most, $"{columns} FROM {Table(schema, table.Name)}{where} ORDER BY {string.Join(", ", keys)}"));
        for (var i = 0; i < keys.Count; i++)
        {
            if (after is not null)
            {
                command.Add($"@a{i}", after.Values[i]);
            }

            if (upTo is not null)
            {
                command.Add($"@b{i}", upTo.Values[i]);
            }
        }

        return command;
    }

    /// <summary>Keys before or behind one, column by column.</summary>
    private static string Bound(List<string> keys, string comparison, string last, string name)
    {
        var bound = string.Join(" OR ", keys.Select((key, i) => $"({string.Concat(keys.Take(i).Select((k, j) => $"{k} = @{name}{j} AND "))}{key} {(i == keys.Count - 1 ? last : comparison)} @{name}{i})"));
        // The first condition alone is what the index of the key is entered by.
        return keys.Count == 1 ? bound : $"{keys[0]} {comparison}= @{name}0 AND ({bound})";
    }
}

/// <summary>A transaction that does not end keeps the tables from being fenced.</summary>
internal sealed class FenceBlockedException(Exception inner) : Exception("The tables could not be fenced: a transaction that writes to them did not end.", inner);
