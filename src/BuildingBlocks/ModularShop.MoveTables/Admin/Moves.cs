using System.Data.Common;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Modules;

namespace ModularShop.MoveTables;

/// <summary>What operators do with moves, on whichever host they ask: commands reach the coordinator through the database.</summary>
internal sealed class Moves(ModuleRegistry modules, MovePairs pairs, MoveChecks checks, ServiceProbe probe, IOptions<MoveTablesOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    /// <summary>In a list of moves, for the database of each.</summary>
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(3);

    public async Task<MoveList> ListAsync(CancellationToken cancellationToken)
    {
        var looked = await Task.WhenAll(modules.Modules.Where(m => pairs.Find(m) is not null).Select(m => LookAsync(m.Name, cancellationToken)));
        return new MoveList([.. looked.Select(l => l.Move).OfType<MoveView>()], [.. looked.Select(l => l.Unread).OfType<UnreadMove>()]);
    }

    public async Task<Result<MoveView>> ShowAsync(string name, CancellationToken cancellationToken)
    {
        var found = await FindAsync(name, cancellationToken);
        if (found.Error is { } error)
        {
            return error;
        }

        await using var move = found.Value;
        return View(move.Move);
    }

    public async Task<Result<MoveEvent[]>> HistoryAsync(string name, CancellationToken cancellationToken)
    {
        var found = await FindAsync(name, cancellationToken);
        if (found.Error is { } error)
        {
            return error;
        }

        await using var move = found.Value;
        return (await move.Store.HistoryAsync(move.Connection, move.Move.Id, cancellationToken)).ToArray();
    }

    public async Task<Result<MovePlan>> PlanAsync(string name, CancellationToken cancellationToken) => PairOf(name) switch
    {
        { Error: { } error } => error,
        { Value: var pair } => new MovePlan(pair.Module.Name, pair.Target, await checks.RunAsync(pair, cancellationToken), MoveChecks.Statements(pair)),
    };

    public async Task<Result<MoveView>> CreateAsync(string name, string by, CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(name, cancellationToken);
        if (plan.Error is { } error)
        {
            return error;
        }

        var pair = PairOf(name).Value;
        var opened = await OpenAsync(pair, cancellationToken);
        if (opened.Error is { } unfit)
        {
            return unfit;
        }

        await using var connection = opened.Value;
        var store = new MoveStore(pair.Host, time);
        // Behind the checks: one of them may have failed because somebody else began meanwhile.
        if (await store.LastAsync(connection, cancellationToken) is { } last && (last.State.IsLive() || last.State is MoveState.Completed))
        {
            return MovesError.AlreadyMoving.Because(last.State is MoveState.Completed
                ? $"{pair.Module.Name} was moved to {last.Target} and completed: its data is the service's."
                : $"{pair.Module.Name} is being moved to {last.Target} since {last.CreatedAt:u}; it is {last.State}. './shop move status {pair.Module.Schema}' says more; './shop move cancel {pair.Module.Schema}' ends it.");
        }

        if (plan.Value.Checks.Where(c => c.Problem is not null).ToList() is { Count: > 0 } problems)
        {
            return MovesError.CheckFailed.Because($"{pair.Module.Name} cannot be moved, and nothing was changed: {string.Join(' ', problems.Select(p => p.Problem))}");
        }

        await store.MakeAsync(connection, cancellationToken);
        var id = Guid.CreateVersion7(time.GetUtcNow());
        return await store.AddAsync(connection, id, pair.Target, by, await LatestEpochAsync(pair, connection, cancellationToken), cancellationToken)
            ? View(await store.GetAsync(connection, id, cancellationToken))
            : MovesError.AlreadyMoving.Because($"Somebody else has begun to move {pair.Module.Name} this moment: './shop move status {pair.Module.Schema}'.");
    }

    public Task<Result<MoveView>> PauseAsync(string name, bool paused, bool dryRun, string by, CancellationToken cancellationToken) => ChangeAsync(
        name, dryRun,
        async found =>
        {
            await found.Store.PauseAsync(found.Connection, found.Move.Id, paused, cancellationToken);
            await found.Store.NoteAsync(found.Connection, found.Move.Id, by, found.Move.State, paused ? "Paused." : "Resumed.", null, cancellationToken);
        },
        cancellationToken);

    public Task<Result<MoveView>> ThrottleAsync(string name, long? rowsPerSecond, bool dryRun, string by, CancellationToken cancellationToken) => ChangeAsync(
        name, dryRun,
        async found =>
        {
            await found.Store.ThrottleAsync(found.Connection, found.Move.Id, rowsPerSecond, cancellationToken);
            await found.Store.NoteAsync(
                found.Connection, found.Move.Id, by, found.Move.State, rowsPerSecond is { } rate ? $"At most {rate} rows/s are copied or compared." : "Rows are copied and compared as fast as they can be.", null, cancellationToken);
        },
        cancellationToken);

    /// <summary>Gives a command and waits for what becomes of it.</summary>
    public async Task<Result<CommandOutcome>> CommandAsync(string name, MoveCommandKind kind, GiveCommand given, string by, CancellationToken cancellationToken)
    {
        var looked = await FindAsync(name, cancellationToken);
        if (looked.Error is { } error)
        {
            return error;
        }

        await using var found = looked.Value;
        var problems = MoveRules.Problems(found.Move, kind, options.Value, time.GetUtcNow()).ToList();
        if (found.Move.State.IsLive() && kind is MoveCommandKind.SwitchReads or MoveCommandKind.SwitchWrites && await probe.ProblemAsync(found.Pair.Module, isReplica: true, cancellationToken) is { } absent)
        {
            problems.Add(absent);
        }

        if (given.DryRun)
        {
            return new CommandOutcome(problems.Count == 0, problems.Count == 0 ? $"'{MoveView.NameOf(kind)}' would be carried out now." : string.Join(' ', problems), View(found.Move));
        }

        if (problems.Count > 0)
        {
            return MovesError.NotNow.Because(string.Join(' ', problems));
        }

        var command = new MoveCommand(Guid.CreateVersion7(time.GetUtcNow()), kind, by, null, given.DropNow, given.AbandonTarget);
        if (!await found.Store.AskAsync(found.Connection, found.Move.Id, command, cancellationToken))
        {
            return MovesError.OneAtATime.Because($"'{MoveView.NameOf(found.Move.Command?.Kind ?? kind)}' of {found.Move.Command?.By} is being carried out. Wait for it: './shop move status {found.Pair.Module.Schema}'.");
        }

        for (var asked = time.GetTimestamp(); time.GetElapsedTime(asked) < Patience; await Task.Delay(Pace, cancellationToken))
        {
            var now = await found.Store.GetAsync(found.Connection, found.Move.Id, cancellationToken);
            if (now.Command is { Answer: { } answer } answered && answered.Id == command.Id)
            {
                return answer.Done || !now.State.IsLive() ? new CommandOutcome(true, answer.Text, View(now)) : MovesError.NotNow.Because(answer.Text);
            }
        }

        return MovesError.NoCoordinator.Because($"No host has carried it out within {Patience.TotalSeconds} s. It stays asked for; './shop move status {found.Pair.Module.Schema}' says what became of it.");
    }

    /// <summary>Neither, where the module was never moved.</summary>
    private async Task<(MoveView? Move, UnreadMove? Unread)> LookAsync(string name, CancellationToken cancellationToken)
    {
        var (shown, trouble) = await BoundedReads.TryAsync(limited => ShowAsync(name, limited), LongestLook, cancellationToken);
        return shown switch
        {
            null => (null, new UnreadMove(name, trouble!)),
            { Error: null, Value: var move } => (move, null),
            { Error: { Detail: var detail } error } => (null, error.Code == MovesError.NoMove.Code() ? null : new UnreadMove(name, detail)),
        };
    }

    /// <summary>Of a coordinator in either database, of whichever move: those of a new one are later.</summary>
    private static async Task<long> LatestEpochAsync(MovePair pair, DbConnection host, CancellationToken cancellationToken)
    {
        await using var service = await pair.Service.OpenAsync(cancellationToken);
        return Math.Max((await pair.Host.ReadTokenAsync(host, cancellationToken)).Epoch, (await pair.Service.ReadTokenAsync(service, cancellationToken)).Epoch);
    }

    private MoveView View(Move move) => MoveView.Of(move, options.Value, time.GetUtcNow());

    private async Task<Result<MoveView>> ChangeAsync(string name, bool dryRun, Func<Found, Task> change, CancellationToken cancellationToken)
    {
        var looked = await FindAsync(name, cancellationToken);
        if (looked.Error is { } error)
        {
            return error;
        }

        await using var found = looked.Value;
        if (!found.Move.State.IsLive())
        {
            return MovesError.NotNow.Because($"The move of {found.Pair.Module.Name} is {found.Move.State}.");
        }

        if (dryRun)
        {
            return View(found.Move);
        }

        await change(found);
        return View(await found.Store.GetAsync(found.Connection, found.Move.Id, cancellationToken));
    }

    private Result<MovePair> PairOf(string name) =>
        modules.Find(name) is not { } module ? (modules.FindDeparted(name) is null ? MovesError.UnknownModule : MovesError.Departed).Because(modules.Absent(name))
        : pairs.Find(module) is not { } pair ? MovesError.NoTarget.Because(
            $"Where {module.Name} would be moved to is not configured: set MoveTables:Targets:{module.Name} in the host's configuration as the section Database of the service has it (Provider, and DataFolder or ConnectionString), and restart the host.")
        : pair;

    private async Task<Result<Found>> FindAsync(string name, CancellationToken cancellationToken)
    {
        var looked = PairOf(name);
        if (looked.Error is { } error)
        {
            return error;
        }

        var pair = looked.Value;
        var opened = await OpenAsync(pair, cancellationToken);
        if (opened.Error is { } unfit)
        {
            return unfit;
        }

        var connection = opened.Value;
        var store = new MoveStore(pair.Host, time);
        if (await store.LastAsync(connection, cancellationToken) is { } move)
        {
            return new Found(pair, store, connection, move);
        }

        await connection.DisposeAsync();
        return MovesError.NoMove.Because($"{pair.Module.Name} is not being moved. './shop move create {pair.Module.Schema}' begins.");
    }

    private static async Task<Result<DbConnection>> OpenAsync(MovePair pair, CancellationToken cancellationToken)
    {
        try
        {
            return await pair.Host.OpenAsync(cancellationToken);
        }
        catch (UnfitDatabaseException e)
        {
            return MovesError.CheckFailed.Because(e.Message);
        }
    }

    private sealed record Found(MovePair Pair, MoveStore Store, DbConnection Connection, Move Move) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Connection.DisposeAsync();
    }
}
