using System.Data.Common;

namespace ModularShop.MoveTables;

/// <summary>How far a move has come, for people; and how fast it may.</summary>
internal sealed class Progress(TimeProvider time)
{
    private long _said;
    private long _rows;
    private long _rowsHere;
    private TimeSpan _copying;
    private long _lastChunk;
    private volatile VDiffProgress? _vdiff;

    public string Doing { get; set; } = "starting";

    public long LogRows { get; set; }

    public long RowsExpected { get; private set; }

    /// <summary>Both databases know this coordinator.</summary>
    public bool IsAdmitted { get; set; }

    public MoveProgress Now(ChangeStream? stream) => new(
        time.GetUtcNow(), _rows, Math.Max(RowsExpected, _rows), _copying > TimeSpan.Zero ? _rowsHere / _copying.TotalSeconds : 0, LogRows,
        stream?.CaughtUpAt is { } at ? new DateTimeOffset(at) : null, stream?.Applied ?? 0, Doing, _vdiff);

    public bool IsTimeToSay(TimeSpan every)
    {
        if (_said != 0 && time.GetElapsedTime(_said) < every)
        {
            return false;
        }

        _said = time.GetTimestamp();
        return true;
    }

    public async Task ExpectAsync(MoveSide side, DbConnection connection, CancellationToken cancellationToken)
    {
        RowsExpected = 0;
        foreach (var table in side.Tables.InOrder)
        {
            RowsExpected += await connection.ScalarAsync<long>(null, $"SELECT CAST(count(*) AS bigint) FROM {side.Table(table.Name)}", cancellationToken);
        }

        _lastChunk = time.GetTimestamp();
    }

    /// <summary>A chunk was written: waits where there is a rate, so that it is kept.</summary>
    public async Task CopiedAsync(long rows, int chunk, long? rowsPerSecond, CancellationToken cancellationToken)
    {
        (_rows, _rowsHere) = (rows, _rowsHere + chunk);
        if (rowsPerSecond is { } rate && TimeSpan.FromSeconds((double)chunk / rate) - time.GetElapsedTime(_lastChunk) is { Ticks: > 0 } wait)
        {
            await Task.Delay(wait, time, cancellationToken);
        }

        _copying += time.GetElapsedTime(_lastChunk);
        _lastChunk = time.GetTimestamp();
    }

    public void Compared(string? table, long rows) => _vdiff = table is null ? null : new VDiffProgress(table, rows, Math.Max(RowsExpected, rows));
}
