using System.Data;
using System.Data.Common;
using System.Text;
using ModularShop.Modularity.Data;
using Npgsql;
using NpgsqlTypes;

namespace ModularShop.MoveTables;

/// <summary>PostgreSQL: arrays for lists of keys and rows, binary COPY for chunks, and triggers that are enabled and disabled.</summary>
internal sealed partial class PostgreSqlEngine : Engine
{
    private const string Setting = "modularshop.replicating";
    private const string Application = "modularshop-move";

    public override DatabaseProvider Provider => DatabaseProvider.PostgreSql;

    public override string Now => "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)";

    public override async Task<DbConnection> OpenAsync(string connectionString, bool checksForeignKeys, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            // A server makes a process for each new connection, which is work for tens of milliseconds.
            Pooling = true, MinPoolSize = 0, ApplicationName = Application, CommandTimeout = LongestStatementSeconds, NoResetOnClose = true,
            // Tables that are being filled: what was the best plan a moment ago need not be it now.
            MaxAutoPrepare = 0,
            // A server that is gone without a word is noticed, and so is one that is there and does not answer.
            TcpKeepAlive = true, TcpKeepAliveTime = 5, TcpKeepAliveInterval = 1, CancellationTimeout = 500,
            // A coordinator that is stopped between lock and commit must not keep the lock. And no helpers for a stretch of
            // rows: to start them takes longer than to read it.
            Options = "-c idle_in_transaction_session_timeout=5000 -c synchronous_commit=on -c TimeZone=UTC -c max_parallel_workers_per_gather=0",
        };
        return await TryOpenAsync(settings, mayBeOld: true, cancellationToken) ?? (await TryOpenAsync(settings, mayBeOld: false, cancellationToken))!;
    }

    /// <summary>Null where it was an old one of the pool, and its server has ended it since; the pool has no others then.</summary>
    /// <param name="mayBeOld">False where that is known not to be so: what goes wrong then is told.</param>
    private static async Task<NpgsqlConnection?> TryOpenAsync(NpgsqlConnectionStringBuilder settings, bool mayBeOld, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(settings.ToString());
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var ping = connection.Command(null, "SELECT 1");
            ping.CommandTimeout = settings.Timeout;
            try
            {
                await ping.ExecuteNonQueryAsync(cancellationToken);
                return connection;
            }
            catch (NpgsqlException) when (mayBeOld && !cancellationToken.IsCancellationRequested)
            {
                NpgsqlConnection.ClearPool(connection);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    public override string Table(string schema, string table) => $"\"{schema}\".\"{table}\"";

    public override ValueTask<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) =>
        connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);

    public override ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken) =>
        connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);

    public override Task BeginReplicatingAsync(DbConnection connection, DbTransaction transaction, string schema, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(transaction, $"SELECT set_config('{Setting}', 'on', true)", cancellationToken);

    public override IEnumerable<string> CreatePlumbing(string schema) =>
    [
        $"CREATE TABLE IF NOT EXISTS {Table(schema, ChangeLog)} (\"Id\" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \"Table\" text NOT NULL, \"K1\" text NOT NULL, \"K2\" text, \"K3\" text, \"K4\" text)",
        $"CREATE TABLE IF NOT EXISTS {Table(schema, Checkpoints)} (\"Table\" text PRIMARY KEY, \"K1\" text, \"K2\" text, \"K3\" text, \"K4\" text, \"Rows\" bigint NOT NULL, \"IsDone\" boolean NOT NULL)",
        $"""
        CREATE OR REPLACE FUNCTION {Table(schema, "move_deny")}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF current_setting('{Setting}', true) = 'on' THEN RETURN NULL; END IF;
        RAISE EXCEPTION '{Moved}' USING ERRCODE = 'MV001', HINT = 'The data of this module is owned by another process.'; END $$
        """,
        $"""
        CREATE OR REPLACE FUNCTION {Table(schema, "move_keep")}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'TRUNCATE of a table that is being moved' USING HINT = 'Use DELETE: its rows reach the other database.'; END $$
        """,
    ];

    public override IEnumerable<string> DropPlumbing(string schema) =>
        new[] { ChangeLog, Checkpoints }.Select(t => $"DROP TABLE IF EXISTS {Table(schema, t)}")
            .Concat(new[] { "move_deny", "move_keep" }.Select(f => $"DROP FUNCTION IF EXISTS {Table(schema, f)}()"));

    public override IEnumerable<string> CreateTriggers(string schema, MovedTable table)
    {
        var name = Table(schema, table.Name);
        string Log(string row) =>
            $"INSERT INTO {Table(schema, ChangeLog)} ({LogColumns(table)}) VALUES ({Text(table.Name)}, {string.Join(", ", table.KeyColumns.Select(c => $"{row}.\"{c.Name}\"::text"))});";
        string Key(string row) => $"({string.Join(", ", table.KeyColumns.Select(c => $"{row}.\"{c.Name}\""))})";
        // With the rights of whoever moves the tables: who writes them needs none on the change log.
        yield return $"""
            CREATE OR REPLACE FUNCTION {Table(schema, CapturePrefix + table.Name)}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$ BEGIN
            IF current_setting('{Setting}', true) = 'on' THEN RETURN NULL; END IF;
            IF TG_OP <> 'INSERT' THEN {Log("OLD")} END IF;
            IF TG_OP = 'INSERT' THEN {Log("NEW")} ELSIF TG_OP = 'UPDATE' AND {Key("NEW")} IS DISTINCT FROM {Key("OLD")} THEN {Log("NEW")} END IF;
            RETURN NULL; END $$
            """;
        yield return $"""
            CREATE OR REPLACE TRIGGER "{CapturePrefix}{table}" AFTER INSERT OR UPDATE OR DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION {Table(schema, CapturePrefix + table.Name)}();
            ALTER TABLE {name} DISABLE TRIGGER "{CapturePrefix}{table}";
            CREATE OR REPLACE TRIGGER "{CapturePrefix}{table}_truncate" BEFORE TRUNCATE ON {name} FOR EACH STATEMENT EXECUTE FUNCTION {Table(schema, "move_keep")}();
            ALTER TABLE {name} DISABLE TRIGGER "{CapturePrefix}{table}_truncate";
            """;
        // For the statement: an UPDATE that finds no row is refused as well.
        yield return $"""
            CREATE OR REPLACE TRIGGER "{DenyPrefix}{table}" BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {name} FOR EACH STATEMENT EXECUTE FUNCTION {Table(schema, "move_deny")}();
            ALTER TABLE {name} DISABLE TRIGGER "{DenyPrefix}{table}";
            """;
    }

    public override IEnumerable<string> DropTriggers(string schema, MovedTable table) =>
        new[] { $"{CapturePrefix}{table}", $"{CapturePrefix}{table}_truncate", $"{DenyPrefix}{table}" }
            .Select(trigger => $"DROP TRIGGER IF EXISTS \"{trigger}\" ON {Table(schema, table.Name)}")
            .Append($"DROP FUNCTION IF EXISTS {Table(schema, CapturePrefix + table.Name)}()");

    public override async Task<bool> HasTableAsync(DbConnection connection, DbTransaction? transaction, string schema, string table, CancellationToken cancellationToken) =>
        await connection.ScalarAsync<bool>(transaction, "SELECT to_regclass(@table) IS NOT NULL", cancellationToken, ("@table", Table(schema, table)));

    public override string RenameTable(string schema, string from, string to) => $"ALTER TABLE {Table(schema, from)} RENAME TO \"{to}\"";

    protected override (int Capture, int Deny) TriggersPerTable => (2, 1);

    public override Task<List<TriggerState>> TriggersAsync(DbConnection connection, DbTransaction? transaction, string schema, CancellationToken cancellationToken) => connection.QueryAsync(
        transaction,
        $"SELECT t.tgname::text, t.tgenabled <> 'D', t.oid::text || '.' || t.xmin::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = @schema AND (t.tgname LIKE '{CapturePrefix}%' OR t.tgname LIKE '{DenyPrefix}%')",
        r => new TriggerState(r.GetString(0), r.GetBoolean(1), r.GetString(2)), cancellationToken, ("@schema", schema));

    public override Task SwitchTriggersAsync(
        DbConnection connection, DbTransaction transaction, string schema, MovedTables tables, bool? capture, bool? deny, CancellationToken cancellationToken)
    {
        var sql = new StringBuilder();
        foreach (var table in tables.InOrder)
        {
            var switches = new[] { ($"{CapturePrefix}{table}", capture), ($"{CapturePrefix}{table}_truncate", capture), ($"{DenyPrefix}{table}", deny) }
                .Where(s => s.Item2 is not null).Select(s => $"{(s.Item2 is true ? "ENABLE ALWAYS" : "DISABLE")} TRIGGER \"{s.Item1}\"");
            sql.Append($"ALTER TABLE {Table(schema, table.Name)} {string.Join(", ", switches)};");
        }

        return connection.ExecuteAsync(transaction, sql.ToString(), cancellationToken);
    }

    /// <remarks>UUIDs byte by byte, as .NET; text in the collation C byte by byte.</remarks>
    public override int Compare(object one, object other) => (one, other) switch
    {
        (string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)),
        _ => ((IComparable)one).CompareTo(other),
    };

    public override Task<List<object?[]>> ReadRowsAsync(
        DbConnection connection, DbTransaction? transaction, string schema, MovedTable table, IReadOnlyList<int> where, IReadOnlyList<object[]> values,
        CancellationToken cancellationToken) =>
        SelectAsync(connection, transaction, schema, table, table.Columns, where, values, reader => reader.ReadRow(table), cancellationToken);

    public override Task<List<RowKey>> ReadKeysAsync(
        DbConnection connection, DbTransaction? transaction, string schema, MovedTable table, IReadOnlyList<int> where, IReadOnlyList<object[]> values,
        CancellationToken cancellationToken) =>
        SelectAsync(connection, transaction, schema, table, table.KeyColumns, where, values, reader => reader.ReadKey(table), cancellationToken);

    public override async Task InsertAsync(
        DbConnection connection, DbTransaction transaction, string schema, MovedTable table, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        await using var writer = await ((NpgsqlConnection)connection).BeginBinaryImportAsync(
            $"COPY {Table(schema, table.Name)} ({Names(table.Columns)}) FROM STDIN (FORMAT BINARY)", cancellationToken);
        var types = table.Columns.Select(c => TypeOf(c.Type)).ToArray();
        foreach (var row in rows)
        {
            writer.StartRow();
            for (var i = 0; i < types.Length; i++)
            {
                if (row[i] is { } value)
                {
                    writer.Write(value, types[i]);
                }
                else
                {
                    writer.WriteNull();
                }
            }
        }

        await writer.CompleteAsync(cancellationToken);
    }

    public override async Task UpsertAsync(
        DbConnection connection, DbTransaction transaction, string schema, MovedTable table, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var others = table.Columns.Where((_, i) => !table.Key.Contains(i)).Select(c => $"\"{c.Name}\" = excluded.\"{c.Name}\"").ToList();
        await using var command = connection.Command(
            transaction,
            $"""
            INSERT INTO {Table(schema, table.Name)} ({Names(table.Columns)}) SELECT * FROM unnest({string.Join(", ", table.Columns.Select((_, i) => $"@a{i}"))})
            ON CONFLICT ({Names(table.KeyColumns)}) DO {(others.Count == 0 ? "NOTHING" : $"UPDATE SET {string.Join(", ", others)}")}
            """);
        AddArrays(command, table.Columns, rows);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public override async Task DeleteAsync(
        DbConnection connection, DbTransaction transaction, string schema, MovedTable table, IReadOnlyList<RowKey> keys, CancellationToken cancellationToken)
    {
        if (keys.Count > 0)
        {
            await using var command = connection.Command(transaction, $"DELETE FROM {Table(schema, table.Name)} AS t USING {Unnest(table.KeyColumns)} WHERE {Matches(table.KeyColumns)}");
            AddArrays(command, [.. table.KeyColumns], [.. keys.Select(k => k.Values)]);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    public override string SizeSql =>
        "SELECT CAST(coalesce(sum(pg_total_relation_size(c.oid)), 0) AS bigint) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = @schema AND c.relkind = 'r'";

    public override Task DeleteLogAsync(DbConnection connection, DbTransaction transaction, string schema, IReadOnlyList<long> ids, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(transaction, $"DELETE FROM {Table(schema, ChangeLog)} WHERE \"Id\" = ANY(@ids)", cancellationToken, ("@ids", ids.ToArray()));

    public override string ReadLogSql(string schema, int most) => $"SELECT \"Id\", \"Table\", \"K1\", \"K2\", \"K3\", \"K4\" FROM {Table(schema, ChangeLog)} ORDER BY \"Id\" LIMIT {most}";

    public override bool IsRefusedValue(Exception exception) =>
        exception is PostgresException { SqlState: var state } && (state.StartsWith("22", StringComparison.Ordinal) || state.StartsWith("23", StringComparison.Ordinal));

    protected override string First(int most, string selection) => $"SELECT {selection} LIMIT {most}";

    private async Task<List<T>> SelectAsync<T>(
        DbConnection connection, DbTransaction? transaction, string schema, MovedTable table, IEnumerable<MovedColumn> columns, IReadOnlyList<int> where,
        IReadOnlyList<object[]> values, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        var found = new List<T>(values.Count);
        if (values.Count == 0)
        {
            return found;
        }

        var conditions = where.Select(w => table.Columns[w]).ToList();
        await using var command = connection.Command(
            transaction, $"SELECT {string.Join(", ", columns.Select(c => $"t.\"{c.Name}\""))} FROM {Table(schema, table.Name)} AS t JOIN {Unnest(conditions)} ON {Matches(conditions)}");
        AddArrays(command, conditions, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(read(reader));
        }

        return found;
    }

    private static string Unnest(IEnumerable<MovedColumn> columns)
    {
        var list = columns.ToList();
        return $"unnest({string.Join(", ", list.Select((_, i) => $"@a{i}"))}) AS k ({string.Join(", ", list.Select((_, i) => $"c{i}"))})";
    }

    private static string Matches(IEnumerable<MovedColumn> columns) => string.Join(" AND ", columns.Select((c, i) => $"t.\"{c.Name}\" = k.c{i}"));

    private static void AddArrays(DbCommand command, IReadOnlyList<MovedColumn> columns, IReadOnlyList<object?[]> rows)
    {
        for (var c = 0; c < columns.Count; c++)
        {
            var type = columns[c].Type;
            var array = Array.CreateInstance(type.IsValueType ? typeof(Nullable<>).MakeGenericType(type) : type, rows.Count);
            for (var r = 0; r < rows.Count; r++)
            {
                array.SetValue(rows[r][c], r);
            }

            command.Parameters.Add(new NpgsqlParameter($"@a{c}", NpgsqlDbType.Array | TypeOf(type)) { Value = array });
        }
    }

    private static NpgsqlDbType TypeOf(Type type) =>
        type == typeof(Guid) ? NpgsqlDbType.Uuid
        : type == typeof(string) ? NpgsqlDbType.Text
        : type == typeof(long) ? NpgsqlDbType.Bigint
        : type == typeof(int) ? NpgsqlDbType.Integer
        : type == typeof(bool) ? NpgsqlDbType.Boolean
        : type == typeof(DateTime) ? NpgsqlDbType.TimestampTz
        : NpgsqlDbType.Bytea;
}
