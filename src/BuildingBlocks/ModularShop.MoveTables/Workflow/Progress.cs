using System.Data.Common;

namespace ModularShop.MoveTables;

/// <summary>How far a move has come, for people; and how fast it may.</summary>
internal sealed class Progress(TimeProvider time, TimeSpan slowCommit)
{
    private const int CommitsKept = 5;
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(2);

    private readonly Queue<TimeSpan> _commits = new();

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

    /// <summary>How long a small commit in the host's database took just now: as long as those of the business.</summary>
    public void CommitTook(TimeSpan duration)
    {
        _commits.Enqueue(duration);
        if (_commits.Count > CommitsKept)
        {
            _commits.Dequeue();
        }
    }

    /// <summary>How long the copy waits behind a chunk that took so long: to keep its rate, and the longer the slower the business is.</summary>
    public TimeSpan RestAfter(int chunk, TimeSpan took, long? rowsPerSecond)
    {
        var rest = rowsPerSecond is { } rate ? TimeSpan.FromSeconds((double)chunk / rate) - took : TimeSpan.Zero;
        var slowest = _commits.DefaultIfEmpty().Max();
        if (slowest <= slowCommit)
        {
            return rest;
        }

        Doing = $"copying rows slowly: a small commit in the host's database takes {slowest.TotalMilliseconds:F0} ms, and over {slowCommit.TotalMilliseconds:F0} (MoveTables:SlowCommitMilliseconds) is too long";
        var standBack = took * (slowest / slowCommit);
        standBack = standBack < LongestRest ? standBack : LongestRest;
        return standBack > rest ? standBack : rest;
    }

    /// <summary>A chunk was written: waits where there is a rate, so that it is kept, and where the business does.</summary>
    public async Task CopiedAsync(long rows, int chunk, long? rowsPerSecond, CancellationToken cancellationToken)
    {
        (_rows, _rowsHere) = (rows, _rowsHere + chunk);
        if (RestAfter(chunk, time.GetElapsedTime(_lastChunk), rowsPerSecond) is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest, time, cancellationToken);
        }

        _copying += time.GetElapsedTime(_lastChunk);
        _lastChunk = time.GetTimestamp();
    }

    public void Compared(string? table, long rows) => _vdiff = table is null ? null : new VDiffProgress(table, rows, Math.Max(RowsExpected, rows));
}
