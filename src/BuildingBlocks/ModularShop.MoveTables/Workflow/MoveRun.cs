using System.Data.Common;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;

namespace ModularShop.MoveTables;

/// <summary>What a run needs of its surroundings.</summary>
/// <param name="MaxLag">How long, at most, a process answers reads from data that it last knew to be good enough.</param>
internal sealed record MoveServices(MoveSteps Steps, MoveTablesOptions Options, IReadRouting Reads, WriteTraffic Writes, ServiceProbe Probe, TimeSpan MaxLag, TimeProvider Time, ILogger Logger)
{
    /// <summary>A process that was stopped meanwhile has found out too, and what was begun to be read has ended.</summary>
    public TimeSpan LastReads => MaxLag + TimeSpan.FromSeconds(2);
}

/// <summary>Coordinates one move for as long as this process holds its lease: carries rows and changes over and does what operators ask for.</summary>
internal sealed partial class MoveRun(MovePair pair, MoveStore store, MoveServices services, Guid id, long epoch) : IAsyncDisposable
{
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SayEvery = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Progress _progress = new(services.Time, TimeSpan.FromMilliseconds(services.Options.SlowCommitMilliseconds));

    private DbConnection? _host;
    private Copier? _copier;
    private ChangeStream? _stream;
    private MoveSide? _streamsFrom;
    private string? _trouble;
    private BrokenOff? _brokenOff;
    private bool _isAdmittedHere;
    private bool _isAdmittedThere;
    private long _looked;
    private TimeSpan _pause = ShortestPause;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                _host ??= await pair.Host.OpenAsync(cancellationToken);
                var move = await store.GetAsync(_host, id, cancellationToken);
                if (!move.State.IsLive())
                {
                    if (move.Command is { Answer: null } last)
                    {
                        await store.AnswerAsync(_host, id, epoch, last, new MoveAnswer(true, $"The move is {move.State}."), cancellationToken);
                    }

                    return;
                }

                if (move.Format != Move.CurrentFormat)
                {
                    throw new SwitchRefusedException($"This move is of format {move.Format} and this program's is {Move.CurrentFormat}: finish or cancel it with the version that began it.");
                }

                await GoOnAsync(move, cancellationToken);
            }
            catch (Exception e) when (e.IsCancelled(cancellationToken))
            {
                return;
            }
            catch (CoordinatorReplacedException)
            {
                throw;
            }
            catch (Exception e)
            {
                await PauseAsync(e, cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopComparingAsync();
        await ResetAsync();
    }

    /// <summary>One thing, according to where the move is.</summary>
    private async Task GoOnAsync(Move move, CancellationToken cancellationToken)
    {
        var host = _host!;
        if (!_isAdmittedHere)
        {
            // Whoever coordinated it before can change nothing from here on, and what it was in the middle of has ended: the move is read again.
            await services.Steps.DoAsync(MoveStep.HostAdmitted, () => pair.Host.AdmitCoordinatorAsync(host, epoch, cancellationToken));
            _isAdmittedHere = true;
            return;
        }

        if (await AnswerBrokenOffAsync(move, cancellationToken))
        {
            return;
        }

        if (move.State is MoveState.Fenced)
        {
            // Writes wait for it, and it takes the host's database alone: before anything that the service's is needed for.
            await Switching(move).SettleAsync(host, "the coordinator", cancellationToken);
            await StopStreamAsync();
            return;
        }

        if (move.State is not MoveState.Cancelling && move.Command is { Kind: MoveCommandKind.Cancel, Answer: null } && move.State.CanBeCancelled())
        {
            // Whatever keeps the move from going on keeps nobody from ending it.
            await ObeyAsync(move, cancellationToken);
            return;
        }

        if (move.State is not MoveState.Cancelling && !_isAdmittedThere)
        {
            await services.Steps.DoAsync(MoveStep.ServiceAdmitted, () => AdmitThereAsync(move, cancellationToken));
            _isAdmittedThere = true;
            return;
        }

        switch (move.State)
        {
            case MoveState.Created:
                _progress.Doing = "making triggers on both sides";
                await new Preparation(pair, store, services.Steps).RunAsync(host, move, epoch, cancellationToken);
                break;
            case MoveState.ReverseFenced:
                await Switching(move).SettleAsync(host, "the coordinator", cancellationToken);
                await StopStreamAsync();
                break;
            case MoveState.Completing:
                await BeginEndAsync(move, "waiting until nobody reads the host's tables any more; then they are retired", cancellationToken);
                await Ending(move).CompleteAsync(host, move.Command is { Kind: MoveCommandKind.Complete, DropNow: true }, cancellationToken);
                break;
            case MoveState.Cancelling:
                await BeginEndAsync(move, "waiting until nobody reads the service's tables any more; then they are emptied", cancellationToken);
                await CancelAsync(move, cancellationToken);
                break;
            default:
                await WorkAsync(move, cancellationToken);
                break;
        }
    }

    /// <exception cref="AnotherTargetException">The database is not the one that this move copies to.</exception>
    private async Task AdmitThereAsync(Move move, CancellationToken cancellationToken)
    {
        await using (var service = await pair.Service.OpenAsync(cancellationToken))
        {
            if (!await new Admission(pair, store, epoch).AdmitAsync(_host!, service, move, cancellationToken))
            {
                throw new AnotherTargetException(pair, move);
            }
        }

        // What was in the middle of a commit over there has ended by now.
        move = await store.GetAsync(_host!, id, cancellationToken);
        if (move.State is MoveState.WritesSwitched)
        {
            await Switching(move).SettleAsync(_host!, "the coordinator", cancellationToken);
        }
    }

    /// <summary>Nothing is compared or carried over any more.</summary>
    private async Task BeginEndAsync(Move move, string doing, CancellationToken cancellationToken)
    {
        await StopComparingAsync();
        await StopStreamAsync();
        _progress.Doing = doing;
        await store.SayAsync(_host!, id, _progress.Now(null), move.Trouble, cancellationToken);
    }

    private async Task WorkAsync(Move move, CancellationToken cancellationToken)
    {
        _progress.RowsPerSecond = move.RowsPerSecond;
        await WatchTriggersAsync(move, cancellationToken);
        if (!await ObeyAsync(move, cancellationToken))
        {
            // The connections may be why.
            await ResetAsync();
            return;
        }

        move = await store.GetAsync(_host!, id, cancellationToken);
        if (move.IsPaused)
        {
            _progress.Doing = "paused by an operator: changes are recorded and not carried over";
            await SayAsync(move, cancellationToken);
            await Task.Delay(Pace * 5, cancellationToken);
            return;
        }

        var isBusy = move.State switch
        {
            MoveState.Copying => await CopyAsync(move, cancellationToken),
            MoveState.WritesSwitched => await CarryAsync(pair.Service, pair.Host, cancellationToken),
            _ when move.State.RunsForward() => await CarryAsync(pair.Host, pair.Service, cancellationToken),
            _ => false,
        };
        await CompareAsync(move, cancellationToken);
        await SayAsync(move, cancellationToken);
        if (_trouble is not null)
        {
            (_trouble, _pause) = (null, ShortestPause);
            MoveTablesLog.GoesOn(services.Logger, move.Module);
        }

        if (!isBusy)
        {
            await Task.Delay(Pace, cancellationToken);
        }
    }

    private async Task EnterAsync(MoveState from, MoveState state, string by, string what, object? evidence, CancellationToken cancellationToken)
    {
        await using var transaction = await pair.Host.BeginAsync(_host!, epoch, cancellationToken);
        await store.EnterAsync(transaction, id, from, state, by, what, evidence, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        MoveTablesLog.Entered(services.Logger, pair.Module.Name, state, what);
    }

    private async Task SayAsync(Move move, CancellationToken cancellationToken)
    {
        if (_progress.IsTimeToSay(SayEvery) || move.Trouble is not null)
        {
            _progress.LogRows = _stream is null ? 0 : await _stream.LagAsync(cancellationToken);
            var began = services.Time.GetTimestamp();
            await store.SayAsync(_host!, id, _progress.Now(_stream), null, cancellationToken);
            _progress.Said(services.Time.GetElapsedTime(began));
        }
    }

    private ChangeStream StreamFrom(MoveSide from, MoveSide to)
    {
        Debug.Assert(_stream is null || _streamsFrom == from, "A stream that runs the other way ends first.");
        _streamsFrom = from;
        return _stream ??= new ChangeStream(from, to, id, epoch, services.Steps, services.Time);
    }

    private Ending Ending(Move move) => new(pair, store, services.Steps, move, epoch, services.LastReads);

    private Switch Switching(Move move) => new(pair, store, services.Steps, services.Writes, move, epoch, TimeSpan.FromSeconds(services.Options.SwitchSeconds));

    private async Task StopStreamAsync()
    {
        await (_stream?.DisposeAsync() ?? ValueTask.CompletedTask);
        (_stream, _streamsFrom) = (null, null);
    }

    private async Task ResetAsync()
    {
        await (_stream?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_copier?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_host?.DisposeAsync() ?? ValueTask.CompletedTask);
        (_stream, _streamsFrom, _copier, _host) = (null, null, null, null);
    }
}
