namespace ModularShop.MoveTables;

/// <remarks>Rows, and changes of them.</remarks>
internal sealed partial class MoveRun
{
    private async Task<bool> CopyAsync(Move move, CancellationToken cancellationToken)
    {
        var preparation = new Preparation(pair, store, services.Steps);
        if (_copier is null)
        {
            // A coordinator before this one may have made the indexes again already.
            await preparation.PrepareCopyAsync(epoch, cancellationToken);
            _copier = new Copier(pair.Host, pair.Service, id, epoch);
            await _copier.OpenAsync(cancellationToken);
            await _progress.ExpectAsync(pair.Host, _host!, cancellationToken);
        }

        var began = services.Time.GetTimestamp();
        _progress.Doing = "copying rows";
        await _copier.RunAsync(
            () => services.Time.GetElapsedTime(began) < Burst,
            () => (int)Math.Min(_progress.RowsPerSecond ?? int.MaxValue, int.MaxValue),
            rows => _progress.CopiedAsync(_copier.Rows, rows, cancellationToken),
            write => services.Steps.DoAsync(MoveStep.ChunkWritten, write), cancellationToken);
        var stream = StreamFrom(pair.Host, pair.Service);
        var isEqual = false;
        for (began = services.Time.GetTimestamp(); !isEqual && services.Time.GetElapsedTime(began) < Burst;)
        {
            isEqual = await stream.StepAsync(_copier.IsCopied, cancellationToken);
        }

        if (!_copier.IsDone || !isEqual)
        {
            return true;
        }

        _progress.Doing = "making indexes and foreign keys";
        await SayAsync(move, cancellationToken);
        await StopStreamAsync();
        await preparation.RestoreIndexesAsync(epoch, cancellationToken);
        await services.Steps.DoAsync(
            MoveStep.RunningRecorded, () => EnterAsync(MoveState.Copying, MoveState.Running, move.CreatedBy, "All rows are copied; changes are carried over.", new { rows = _copier.Rows }, cancellationToken));
        await _copier.DisposeAsync();
        _copier = null;
        return true;
    }

    private async Task<bool> CarryAsync(MoveSide from, MoveSide to, CancellationToken cancellationToken)
    {
        var stream = StreamFrom(from, to);
        _progress.Doing = from == pair.Host ? "carrying changes over to the service's database" : "carrying changes back to the host's database";
        return !await stream.StepAsync(null, cancellationToken);
    }
}
