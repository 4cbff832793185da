using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModularShop.MoveTables;

/// <summary>The moves of one module and their history, in the host's database of the module: what a coordinator goes on from.</summary>
internal sealed class MoveStore(MoveSide host, TimeProvider time)
{
    public const string Moves = "move_workflows";
    public const string History = "move_history";

    /// <summary>The place of the one move that counts; the others have their own id for a place. Two that begin at once cannot both have it, whatever either of them sees.</summary>
    private const string Last = "last";

    private const string Columns =
        "\"Id\", \"Module\", \"Format\", \"State\", \"Returns\", \"Epoch\", \"Holder\", \"IsPaused\", \"RowsPerSecond\", \"Target\", \"CreatedAt\", \"CreatedBy\", \"ChangedAt\", \"Trouble\", \"Progress\", \"Command\", \"VDiff\", \"Comparing\", \"Gap\", \"IsOpened\"";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private string Table => host.Table(Moves);

    /// <summary>Makes the tables where they are not there yet; they stay, with all that they tell.</summary>
    public async Task MakeAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        foreach (var statement in host.Engine.CreateMoveTables(host.Schema))
        {
            await connection.MakeAsync(statement, cancellationToken);
        }
    }

    /// <summary>The last move of the module; null where there has been none.</summary>
    public async Task<Move?> LastAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        if (!await host.Engine.HasTableAsync(connection, null, host.Schema, Moves, cancellationToken))
        {
            return null;
        }

        var rows = await connection.QueryAsync(null, $"SELECT {Columns} FROM {Table} WHERE \"Place\" = '{Last}'", Read, cancellationToken);
        return rows.SingleOrDefault();
    }

    public async Task<Move> GetAsync(DbConnection connection, Guid id, CancellationToken cancellationToken) =>
        (await connection.QueryAsync(null, $"SELECT {Columns} FROM {Table} WHERE \"Id\" = @id", Read, cancellationToken, ("@id", id.ToString()))).Single();

    /// <summary>Adds a move, unless another one of the module is under way; false then.</summary>
    /// <param name="least">The highest epoch of a coordinator that either database knows: those of this move are higher.</param>
    public async Task<bool> AddAsync(DbConnection connection, Guid id, string target, string by, long least, CancellationToken cancellationToken)
    {
        using var turn = await host.EnterAsync(cancellationToken);
        try
        {
            return await TryAddAsync(connection, id, target, by, least, cancellationToken);
        }
        catch (DbException) when (!cancellationToken.IsCancellationRequested)
        {
            // Somebody else's was committed first; the second time it is seen.
            return await TryAddAsync(connection, id, target, by, least, cancellationToken);
        }
    }

    /// <summary>Takes the coordinator's lease where nobody else holds it, or extends one's own; null where somebody does.</summary>
    /// <returns>The epoch, a higher one for another process.</returns>
    public async Task<long?> AcquireAsync(DbConnection connection, Guid id, string holder, TimeSpan lease, CancellationToken cancellationToken)
    {
        var now = host.Engine.Now;
        var longest = (long)lease.TotalMilliseconds * 10;
        return await WriteAsync(
            connection,
            $"""
            UPDATE {Table} SET "Epoch" = CASE WHEN "Holder" = @holder THEN "Epoch" ELSE "Epoch" + 1 END, "Holder" = @holder, "LeaseUntil" = {now} + @lease
            WHERE "Id" = @id AND ("Holder" = @holder OR "LeaseUntil" < {now} OR "LeaseUntil" > {now} + @longest)
            """,
            cancellationToken, ("@id", id.ToString()), ("@holder", holder), ("@lease", (long)lease.TotalMilliseconds), ("@longest", longest)) == 0
            ? null
            : await EpochOfAsync(connection, id, holder, cancellationToken);
    }

    /// <summary>Raises the epoch of a coordinator above one that a target knows of the same move: the host's database was brought back from a backup since. Nothing, where another process coordinates by now.</summary>
    public Task OvertakeAsync(DbConnection connection, Guid id, long epoch, long other, CancellationToken cancellationToken) => WriteAsync(
        connection, $"UPDATE {Table} SET \"Epoch\" = @next WHERE \"Id\" = @id AND \"Epoch\" = @epoch", cancellationToken, ("@id", id.ToString()), ("@epoch", epoch), ("@next", other + 1));

    public Task ReleaseAsync(DbConnection connection, Guid id, string holder, CancellationToken cancellationToken) =>
        WriteAsync(connection, $"UPDATE {Table} SET \"LeaseUntil\" = 0 WHERE \"Id\" = @id AND \"Holder\" = @holder", cancellationToken, ("@id", id.ToString()), ("@holder", holder));

    /// <summary>The next state, and a line of the history, in <paramref name="transaction"/>, whose coordinator is known to be in charge.</summary>
    /// <param name="isOtherWay">Changes are carried the other way from here on: what was compared before says nothing of it, and the other side is still to be opened.</param>
    /// <exception cref="MoveChangedException">It is not in the state <paramref name="from"/>: a commit that got no answer came about after all.</exception>
    public async Task EnterAsync(
        MoveTransaction transaction, Guid id, MoveState from, MoveState state, string by, string what, object? evidence, CancellationToken cancellationToken, MoveState? returns = null,
        bool isOtherWay = false)
    {
        if (await transaction.ExecuteAsync(
            $"UPDATE {Table} SET \"State\" = @state, \"Returns\" = @returns, \"ChangedAt\" = @at, \"Trouble\" = NULL{(isOtherWay ? ", \"VDiff\" = NULL, \"Comparing\" = NULL, \"IsOpened\" = 0" : "")} WHERE \"Id\" = @id AND \"State\" = @from",
            cancellationToken, ("@id", id.ToString()), ("@from", from.ToString()), ("@state", state.ToString()), ("@returns", returns?.ToString()), ("@at", Milliseconds)) == 0)
        {
            throw new MoveChangedException($"The move is not {from} any more.");
        }

        await NoteAsync(transaction, id, by, state, what, evidence, cancellationToken);
    }

    /// <summary>A line of the history, in a transaction that holds the move's row.</summary>
    public Task NoteAsync(MoveTransaction transaction, Guid id, string by, MoveState state, string what, object? evidence, CancellationToken cancellationToken) =>
        WriteHistoryAsync(transaction.Connection, transaction.Transaction, id, by, state, what, evidence, cancellationToken);

    public async Task NoteAsync(DbConnection connection, Guid id, string by, MoveState state, string what, object? evidence, CancellationToken cancellationToken)
    {
        using var turn = await host.EnterAsync(cancellationToken);
        await using var transaction = await host.Engine.BeginWriteAsync(connection, cancellationToken);
        // Of two lines that are written at once the second waits for the number of the first.
        await connection.ExecuteAsync(transaction, $"UPDATE {Table} SET \"Id\" = \"Id\" WHERE \"Id\" = @id", cancellationToken, ("@id", id.ToString()));
        await WriteHistoryAsync(connection, transaction, id, by, state, what, evidence, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public Task SayAsync(DbConnection connection, Guid id, MoveProgress progress, string? trouble, CancellationToken cancellationToken) => WriteAsync(
        connection, $"UPDATE {Table} SET \"Progress\" = @progress, \"Trouble\" = @trouble WHERE \"Id\" = @id", cancellationToken,
        ("@id", id.ToString()), ("@progress", JsonSerializer.Serialize(progress, Json)), ("@trouble", trouble));

    /// <summary>The result of the comparison that was under way, in <paramref name="transaction"/>. One that is clean leaves no gap.</summary>
    public Task KeepVDiffAsync(MoveTransaction transaction, Guid id, VDiffReport report, CancellationToken cancellationToken) => transaction.ExecuteAsync(
        $"UPDATE {Table} SET \"VDiff\" = @report, \"Comparing\" = NULL{(report.IsClean ? ", \"Gap\" = NULL" : "")} WHERE \"Id\" = @id", cancellationToken,
        ("@id", id.ToString()), ("@report", JsonSerializer.Serialize(report, Json)));

    /// <summary>What was written may not have been recorded: no comparison before says anything any more, and the next one has to be clean.</summary>
    public Task KeepGapAsync(DbConnection connection, Guid id, long epoch, string gap, CancellationToken cancellationToken) => WriteAsync(
        connection, $"UPDATE {Table} SET \"Gap\" = @gap, \"VDiff\" = NULL, \"Comparing\" = NULL WHERE \"Id\" = @id AND \"Epoch\" = @epoch", cancellationToken,
        ("@id", id.ToString()), ("@epoch", epoch), ("@gap", gap));

    /// <summary>The service's tables have been opened for its writes.</summary>
    public Task KeepOpenedAsync(DbConnection connection, Guid id, long epoch, CancellationToken cancellationToken) => WriteAsync(
        connection, $"UPDATE {Table} SET \"IsOpened\" = 1 WHERE \"Id\" = @id AND \"Epoch\" = @epoch", cancellationToken, ("@id", id.ToString()), ("@epoch", epoch));

    /// <summary>How far a comparison has come, unless another process has become the coordinator since; null where there is none to go on with.</summary>
    public Task KeepComparingAsync(DbConnection connection, Guid id, long epoch, VDiffCheckpoint? checkpoint, CancellationToken cancellationToken) => WriteAsync(
        connection, $"UPDATE {Table} SET \"Comparing\" = @checkpoint WHERE \"Id\" = @id AND \"Epoch\" = @epoch", cancellationToken,
        ("@id", id.ToString()), ("@epoch", epoch), ("@checkpoint", checkpoint is null ? null : JsonSerializer.Serialize(checkpoint, Json)));

    public Task PauseAsync(DbConnection connection, Guid id, bool paused, CancellationToken cancellationToken) => WriteAsync(
        connection, $"UPDATE {Table} SET \"IsPaused\" = @paused WHERE \"Id\" = @id", cancellationToken, ("@id", id.ToString()), ("@paused", paused ? 1L : 0L));

    public Task ThrottleAsync(DbConnection connection, Guid id, long? rowsPerSecond, CancellationToken cancellationToken) => WriteAsync(
        connection, $"UPDATE {Table} SET \"RowsPerSecond\" = @rate WHERE \"Id\" = @id", cancellationToken, ("@id", id.ToString()), ("@rate", rowsPerSecond));

    /// <summary>Asks the coordinator, wherever it is; false where another command has not been answered yet.</summary>
    public async Task<bool> AskAsync(DbConnection connection, Guid id, MoveCommand command, CancellationToken cancellationToken) => await WriteAsync(
        connection, $"UPDATE {Table} SET \"Command\" = @command, \"IsAsked\" = 1 WHERE \"Id\" = @id AND COALESCE(\"IsAsked\", 0) = 0", cancellationToken,
        ("@id", id.ToString()), ("@command", JsonSerializer.Serialize(command, Json))) == 1;

    /// <summary>Unless another process has become the coordinator since: it answers, and may have been asked something else by now.</summary>
    public Task AnswerAsync(DbConnection connection, Guid id, long epoch, MoveCommand command, MoveAnswer answer, CancellationToken cancellationToken) => WriteAsync(
        connection, $"UPDATE {Table} SET \"Command\" = @command, \"IsAsked\" = 0 WHERE \"Id\" = @id AND \"Epoch\" = @epoch", cancellationToken,
        ("@id", id.ToString()), ("@epoch", epoch), ("@command", JsonSerializer.Serialize(command with { Answer = answer }, Json)));

    public async Task<IReadOnlyList<MoveEvent>> HistoryAsync(DbConnection connection, Guid id, CancellationToken cancellationToken) => await connection.QueryAsync(
        null, $"SELECT \"Number\", \"At\", \"By\", \"State\", \"What\", \"Evidence\" FROM {host.Table(History)} WHERE \"Workflow\" = @id ORDER BY \"Number\"",
        r => new MoveEvent(r.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(r.GetInt64(1)), r.GetString(2), Enum.Parse<MoveState>(r.GetString(3)), r.GetString(4), r.GetText(5)),
        cancellationToken, ("@id", id.ToString()));

    /// <remarks>Between the lease and this another process may have taken it, whose epoch is not this one's.</remarks>
    private async Task<long?> EpochOfAsync(DbConnection connection, Guid id, string holder, CancellationToken cancellationToken)
    {
        var epochs = await connection.QueryAsync(
            null, $"SELECT \"Epoch\" FROM {Table} WHERE \"Id\" = @id AND \"Holder\" = @holder", r => r.GetInt64(0), cancellationToken, ("@id", id.ToString()), ("@holder", holder));
        return epochs is [var epoch] ? epoch : null;
    }

    /// <summary>In turn with the other writers of this process, where the engine has one at a time.</summary>
    private async Task<int> WriteAsync(DbConnection connection, string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        using var turn = await host.EnterAsync(cancellationToken);
        return await connection.ExecuteAsync(null, sql, cancellationToken, parameters);
    }

    private async Task<bool> TryAddAsync(DbConnection connection, Guid id, string target, string by, long least, CancellationToken cancellationToken)
    {
        await using var transaction = await host.Engine.BeginWriteAsync(connection, cancellationToken);
        await connection.ExecuteAsync(transaction, $"UPDATE {Table} SET \"Place\" = \"Id\" WHERE \"Place\" = '{Last}' AND \"State\" IN ('{MoveState.Completed}', '{MoveState.Cancelled}')", cancellationToken);
        var epoch = Math.Max(least, await connection.ScalarAsync<long>(transaction, $"SELECT CAST(COALESCE(max(\"Epoch\"), 0) AS bigint) FROM {Table}", cancellationToken));
        var added = await connection.ExecuteAsync(
            transaction,
            $"""
            INSERT INTO {Table} ("Id", "Module", "Format", "State", "Epoch", "LeaseUntil", "IsPaused", "Target", "CreatedAt", "CreatedBy", "ChangedAt", "IsOpened", "Place")
            SELECT @id, @module, @format, @state, @epoch, 0, 0, @target, @at, @by, @at, 0, '{Last}' WHERE @id = @id AND NOT EXISTS (SELECT 1 FROM {Table} WHERE "Place" = '{Last}')
            """,
            cancellationToken, ("@id", id.ToString()), ("@module", host.Module), ("@format", (long)Move.CurrentFormat), ("@state", MoveState.Created.ToString()), ("@epoch", epoch), ("@target", target),
            ("@at", Milliseconds), ("@by", by));
        if (added == 1)
        {
            await WriteHistoryAsync(connection, transaction, id, by, MoveState.Created, $"Created, to {target}.", null, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return added == 1;
    }

    private long Milliseconds => time.GetUtcNow().ToUnixTimeMilliseconds();

    private Task WriteHistoryAsync(
        DbConnection connection, DbTransaction transaction, Guid id, string by, MoveState state, string what, object? evidence, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            transaction,
            $"""
            INSERT INTO {host.Table(History)} ("Workflow", "Number", "At", "By", "State", "What", "Evidence")
            SELECT @id, COALESCE(max("Number"), 0) + 1, @at, @by, @state, @what, @evidence FROM {host.Table(History)} WHERE "Workflow" = @id
            """,
            cancellationToken, ("@id", id.ToString()), ("@at", Milliseconds), ("@by", by), ("@state", state.ToString()), ("@what", what),
            ("@evidence", evidence is null ? null : JsonSerializer.Serialize(evidence, Json)));

    private static Move Read(DbDataReader r) => new(
        Guid.Parse(r.GetString(0)), r.GetString(1), (int)r.GetInt64(2), Enum.Parse<MoveState>(r.GetString(3)), r.GetText(4) is { } returns ? Enum.Parse<MoveState>(returns) : null,
        r.GetInt64(5), r.GetText(6), r.GetInt64(7) == 1, r.IsDBNull(8) ? null : r.GetInt64(8), r.GetString(9), DateTimeOffset.FromUnixTimeMilliseconds(r.GetInt64(10)), r.GetString(11),
        DateTimeOffset.FromUnixTimeMilliseconds(r.GetInt64(12)), r.GetText(13), Of<MoveProgress>(r.GetText(14)), Of<MoveCommand>(r.GetText(15)), Of<VDiffReport>(r.GetText(16)), Of<VDiffCheckpoint>(r.GetText(17)), r.GetText(18),
        r.GetInt64(19) == 1);

    private static T? Of<T>(string? json)
        where T : class => json is null ? null : JsonSerializer.Deserialize<T>(json, Json);
}

/// <summary>A move is in another state than a step took it for.</summary>
internal sealed class MoveChangedException(string message) : Exception(message);
