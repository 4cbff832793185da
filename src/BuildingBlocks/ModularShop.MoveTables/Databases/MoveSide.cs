using System.Data.Common;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;

namespace ModularShop.MoveTables;

/// <summary>One of the two databases of a move: the host's, where the tables have always been, or the service's.</summary>
internal sealed class MoveSide(string module, Owner owner, Engine engine, string connectionString, MovedTables tables, WriteGates gates, TimeProvider time)
{
    private const int LongestBeginSeconds = 5;

    public string Module => module;

    public string Schema { get; } = module.ToLowerInvariant();

    /// <summary>Who writes here when it is the owner.</summary>
    public Owner Owner => owner;

    public Engine Engine => engine;

    /// <summary>As this database calls them and their columns.</summary>
    public MovedTables Tables => tables;

    public string ConnectionString => connectionString;

    /// <summary>For people.</summary>
    public string Name { get; } = owner is Owner.Monolith ? "the host's database" : "the service's database";

    public string Table(string name) => engine.Table(Schema, name);

    public Task<DbConnection> OpenAsync(CancellationToken cancellationToken) => engine.OpenAsync(connectionString, checksForeignKeys: true, cancellationToken);

    /// <summary>For loading rows in any order.</summary>
    public Task<DbConnection> OpenForLoadAsync(CancellationToken cancellationToken) => engine.OpenAsync(connectionString, checksForeignKeys: false, cancellationToken);

    /// <summary>A turn among the writers of this process, where the engine has one at a time.</summary>
    public ValueTask<IDisposable> EnterAsync(CancellationToken cancellationToken) => gates.EnterAsync(engine.Provider, connectionString, cancellationToken);

    /// <summary>A transaction of the coordinator that <paramref name="epoch"/> was given to; one that has been replaced meanwhile changes nothing.</summary>
    /// <exception cref="CoordinatorReplacedException">Another process coordinates the move by now.</exception>
    public async Task<MoveTransaction> BeginAsync(DbConnection connection, long epoch, CancellationToken cancellationToken)
    {
        var turn = await EnterAsync(cancellationToken);
        DbTransaction? transaction = null;
        try
        {
            transaction = await engine.BeginWriteAsync(connection, cancellationToken);
            // Held to the commit: who replaces this coordinator waits for it.
            await using var command = connection.Command(
                transaction, $"UPDATE {Table(Engine.Coordinator)} SET \"Epoch\" = @epoch WHERE \"Module\" = @module AND \"Epoch\" = @epoch", ("@module", module), ("@epoch", epoch));
            // Npgsql cancels nothing before the transaction's begin has been answered.
            command.CommandTimeout = LongestBeginSeconds;
            if (await command.ExecuteNonQueryAsync(cancellationToken) != 1)
            {
                throw new CoordinatorReplacedException($"Another process has taken the move of {module} over: this one is no longer its coordinator {epoch}.");
            }

            return new MoveTransaction(this, connection, transaction, turn);
        }
        catch
        {
            await (transaction?.DisposeAsync() ?? ValueTask.CompletedTask);
            turn.Dispose();
            throw;
        }
    }

    /// <summary>A table of either side as it is called here; its columns are in the same order.</summary>
    public MovedTable Own(MovedTable table) => tables[table.Name];

    /// <inheritdoc cref="Engine.ReadChunkAsync"/>
    public Task<List<object?[]>> ReadChunkAsync(DbConnection connection, MovedTable table, RowKey? after, int most, CancellationToken cancellationToken, RowKey? upTo = null) =>
        engine.ReadChunkAsync(connection, Schema, Own(table), after, most, cancellationToken, upTo);

    /// <inheritdoc cref="Engine.ReadKeyChunkAsync"/>
    public Task<List<RowKey>> ReadKeyChunkAsync(DbConnection connection, MovedTable table, RowKey? after, int most, CancellationToken cancellationToken) =>
        engine.ReadKeyChunkAsync(connection, Schema, Own(table), after, most, cancellationToken);

    /// <inheritdoc cref="Engine.ReadRowsAsync"/>
    public Task<List<object?[]>> ReadRowsAsync(
        DbConnection connection, DbTransaction? transaction, MovedTable table, IReadOnlyList<int> where, IReadOnlyList<object[]> values, CancellationToken cancellationToken) =>
        engine.ReadRowsAsync(connection, transaction, Schema, Own(table), where, values, cancellationToken);

    /// <inheritdoc cref="Engine.ReadKeysAsync"/>
    public Task<List<RowKey>> ReadKeysAsync(
        DbConnection connection, DbTransaction? transaction, MovedTable table, IReadOnlyList<int> where, IReadOnlyList<object[]> values, CancellationToken cancellationToken) =>
        engine.ReadKeysAsync(connection, transaction, Schema, Own(table), where, values, cancellationToken);

    /// <summary>Consumed rows of the change log; whose state has been applied.</summary>
    /// <remarks>A coordinator that was replaced takes none: the same numbers may be those of another move's rows by now.</remarks>
    public async Task DeleteLogAsync(DbConnection connection, IReadOnlyList<long> ids, long epoch, CancellationToken cancellationToken)
    {
        await using var transaction = await BeginAsync(connection, epoch, cancellationToken);
        await engine.DeleteLogAsync(connection, transaction.Transaction, Schema, ids, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>From here on only the coordinator with <paramref name="epoch"/> changes anything here; what was in the middle of a commit has ended, one way or the other.</summary>
    /// <exception cref="CoordinatorReplacedException">Another process coordinates the move by now.</exception>
    public async Task AdmitCoordinatorAsync(DbConnection connection, long epoch, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken);
        await connection.MakeAsync(engine.CreateCoordinator(Schema), cancellationToken);
        await engine.EndPredecessorsAsync(connection, Schema, module, epoch, cancellationToken);
        // One's own epoch too: a commit that got no answer may be on its way yet, and holds the row.
        if (await connection.ExecuteAsync(
            null, $"UPDATE {Table(Engine.Coordinator)} SET \"Epoch\" = @epoch WHERE \"Module\" = @module AND \"Epoch\" <= @epoch", cancellationToken,
            ("@module", module), ("@epoch", epoch)) == 0
            && await connection.ExecuteAsync(
                null, $"INSERT INTO {Table(Engine.Coordinator)} (\"Module\", \"Epoch\") SELECT @module, @epoch WHERE NOT EXISTS (SELECT 1 FROM {Table(Engine.Coordinator)} WHERE \"Module\" = @module)",
                cancellationToken, ("@module", module), ("@epoch", epoch)) == 0)
        {
            throw new CoordinatorReplacedException($"Another process has taken the move of {module} over before this one began.");
        }
    }

    /// <summary>Who coordinates what moves here, or did last.</summary>
    public async Task<CoordinatorToken> ReadTokenAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        if (!await engine.HasTableAsync(connection, null, Schema, Engine.Coordinator, cancellationToken))
        {
            return CoordinatorToken.None;
        }

        var tokens = await connection.QueryAsync(
            null, $"SELECT \"Epoch\", \"Workflow\" FROM {Table(Engine.Coordinator)} WHERE \"Module\" = @module",
            reader => new CoordinatorToken(reader.GetInt64(0), reader.GetText(1) is { } workflow ? Guid.Parse(workflow) : null), cancellationToken, ("@module", module));
        return tokens is [var token] ? token : CoordinatorToken.None;
    }

    /// <summary>The database becomes the target of a move, unless it is another one's.</summary>
    public async Task<bool> ClaimAsync(DbConnection connection, long epoch, Guid workflow, CancellationToken cancellationToken)
    {
        await using var transaction = await BeginAsync(connection, epoch, cancellationToken);
        var isClaimed = await transaction.ExecuteAsync(
            $"UPDATE {Table(Engine.Coordinator)} SET \"Workflow\" = @workflow WHERE \"Module\" = @module AND (\"Workflow\" IS NULL OR \"Workflow\" = @workflow)", cancellationToken,
            ("@module", module), ("@workflow", workflow.ToString())) == 1;
        await transaction.CommitAsync(cancellationToken);
        return isClaimed;
    }

    public async Task<Ownership> ReadOwnershipAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync(
            null, $"SELECT \"Owner\", \"Epoch\", \"Fenced\" FROM {Table("ownership")} WHERE \"Module\" = @module",
            reader => new Ownership(Enum.Parse<Owner>(reader.GetString(0)), reader.GetInt64(1), reader.GetBoolean(2)), cancellationToken, ("@module", module));
        return rows is [var row] ? row : Ownerships.AtFirst;
    }

    public DateTime Now => new(time.GetUtcNow().UtcTicks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);

    public override string ToString() => Name;
}

/// <param name="Epoch">Whoever has a lower one changes nothing.</param>
/// <param name="Workflow">The move whose target the database is; null where it is none's.</param>
internal sealed record CoordinatorToken(long Epoch, Guid? Workflow)
{
    public static readonly CoordinatorToken None = new(0, null);
}

/// <summary>This process was the coordinator of a move and is no longer: what it was about to do is another one's.</summary>
internal sealed class CoordinatorReplacedException(string message) : Exception(message);
