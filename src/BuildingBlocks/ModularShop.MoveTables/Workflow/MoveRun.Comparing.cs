using ModularShop.Modularity.Data;

namespace ModularShop.MoveTables;

/// <remarks>All rows of both databases, while changes are carried over. How far it has come is kept in the move: another coordinator goes on from there.</remarks>
internal sealed partial class MoveRun
{
    private Comparison? _comparison;
    private VDiffCheckpoint? _kept;

    private async Task BeginComparingAsync(Move move, string by, CancellationToken cancellationToken)
    {
        await StopComparingAsync();
        var written = IsBack(move) ? pair.Service : pair.Host;
        await using var connection = await written.OpenAsync(cancellationToken);
        var begin = new VDiffCheckpoint(by, services.Time.GetUtcNow(), IsBack(move), await written.Engine.RecordingAsync(connection, written.Schema, cancellationToken), []);
        await store.KeepComparingAsync(_host!, id, epoch, begin, cancellationToken);
        Compare(begin, cancellationToken);
    }

    private async Task CompareAsync(Move move, CancellationToken cancellationToken)
    {
        if (_comparison is null && move.Comparing is { } broken)
        {
            // Whoever compared did not live to end it, a switch that was taken back stopped it, or a database was away.
            if (broken.IsBack == IsBack(move) && move.State.CarriesOver())
            {
                Compare(broken, cancellationToken);
            }
            else
            {
                await store.KeepComparingAsync(_host!, id, epoch, null, cancellationToken);
            }
        }

        if (_comparison is { IsCompleted: true } comparison)
        {
            _comparison = null;
            await FinishAsync(move, comparison, cancellationToken);
        }
        else if (_comparison?.Reached is { } reached && reached != _kept)
        {
            await store.KeepComparingAsync(_host!, id, epoch, reached, cancellationToken);
            _kept = reached;
        }
    }

    private void Compare(VDiffCheckpoint begin, CancellationToken cancellationToken)
    {
        _kept = begin;
        _comparison = new Comparison(begin.IsBack ? (pair.Service, pair.Host) : (pair.Host, pair.Service), begin, () => _stream?.CaughtUpAt, _progress, services.Time, cancellationToken);
    }

    private async Task FinishAsync(Move move, Comparison comparison, CancellationToken cancellationToken)
    {
        VDiffReport report;
        try
        {
            report = await comparison.ResultAsync();
        }
        catch (Exception e) when (e is not OperationCanceledException && !e.IsDatabaseUnavailable())
        {
            // It would break off there again.
            await store.KeepComparingAsync(_host!, id, epoch, null, cancellationToken);
            await store.NoteAsync(_host!, id, comparison.Reached.By, move.State, $"The comparison broke off: {e.DatabaseMessage()}", null, cancellationToken);
            throw;
        }

        await services.Steps.DoAsync(MoveStep.VDiffRecorded, async () =>
        {
            await using var transaction = await pair.Host.BeginAsync(_host!, epoch, cancellationToken);
            await store.KeepVDiffAsync(transaction, id, report, cancellationToken);
            var (by, what) = (comparison.Reached.By, report.IsClean ? $"All {report.Rows} rows are equal." : $"Of {report.Rows} rows some differ: {string.Join(", ", report.Tables.Where(t => t.Samples.Count > 0).Select(t => t.Table))}.");
            await (report.IsClean && move.State is MoveState.Running
                ? store.EnterAsync(transaction, id, move.State, MoveState.Verified, by, what, report, cancellationToken)
                : store.NoteAsync(transaction, id, by, move.State, what, report, cancellationToken));
            await transaction.CommitAsync(cancellationToken);
        });
    }

    private async Task StopComparingAsync()
    {
        await (_comparison?.StopAsync() ?? Task.CompletedTask);
        _comparison = null;
    }

    private static bool IsBack(Move move) => move.State is MoveState.WritesSwitched;
}
