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
    private long _rate;
    private long _slowest;
    private TimeSpan _copying;
    private long _lastChunk;
    private volatile VDiffProgress? _vdiff;

    public string Doing { get; set; } = "starting";

    public long LogRows { get; set; }

    public long RowsExpected { get; private set; }

    /// <summary>The most rows that are copied, or compared, in a second; null for as many as there can be.</summary>
    public long? RowsPerSecond
    {
        get => Volatile.Read(ref _rate) is > 0 and var rate ? rate : null;
        set => Volatile.Write(ref _rate, value ?? 0);
    }

    /// <summary>Why rows are copied slower than they could be, for people; null where they are not.</summary>
    public string? Slowness => TimeSpan.FromTicks(Volatile.Read(ref _slowest)) is var slowest && slowest <= slowCommit ? null
        : $"a small commit in the host's database takes {slowest.TotalMilliseconds:F0} ms, and over {slowCommit.TotalMilliseconds:F0} (MoveTables:SlowCommitMilliseconds) is too long";

    public MoveProgress Now(ChangeStream? stream) => new(
        time.GetUtcNow(), _rows, Math.Max(RowsExpected, _rows), _copying > TimeSpan.Zero ? _rowsHere / _copying.TotalSeconds : 0, LogRows,
        stream?.CaughtUpAt is { } at ? new DateTimeOffset(at) : null, stream?.Applied ?? 0, Doing, _vdiff);

    public bool IsTimeToSay(TimeSpan every) => _said == 0 || time.GetElapsedTime(_said) >= every;

    public async Task ExpectAsync(MoveSide side, DbConnection connection, CancellationToken cancellationToken)
    {
        RowsExpected = 0;
        foreach (var table in side.Tables.InOrder)
        {
            RowsExpected += await connection.CountAsync(null, side.Table(table.Name), cancellationToken);
        }

        _lastChunk = time.GetTimestamp();
    }

    /// <summary>It has been said.</summary>
    /// <param name="duration">How long this small commit in the host's database took: as long as those of the business.</param>
    public void Said(TimeSpan duration)
    {
        _said = time.GetTimestamp();
        _commits.Enqueue(duration);
        if (_commits.Count > CommitsKept)
        {
            _commits.Dequeue();
        }

        Volatile.Write(ref _slowest, _commits.Max().Ticks);
    }

    /// <summary>How long to wait behind a chunk that took so long: to keep the rate, and the longer the slower the business is.</summary>
    public TimeSpan RestAfter(int chunk, TimeSpan took)
    {
        var rest = RowsPerSecond is { } rate ? TimeSpan.FromSeconds((double)chunk / rate) - took : TimeSpan.Zero;
        var slowest = TimeSpan.FromTicks(Volatile.Read(ref _slowest));
        if (slowest <= slowCommit)
        {
            return rest;
        }

        var standBack = took * (slowest / slowCommit);
        standBack = standBack < LongestRest ? standBack : LongestRest;
        return standBack > rest ? standBack : rest;
    }

    /// <summary>A chunk was written: waits where there is a rate, so that it is kept, and where the business does.</summary>
    public async Task CopiedAsync(long rows, int chunk, CancellationToken cancellationToken)
    {
        (_rows, _rowsHere) = (rows, _rowsHere + chunk);
        Doing = Slowness is { } reason ? $"copying rows slowly: {reason}" : "copying rows";
        await RestAsync(RestAfter(chunk, time.GetElapsedTime(_lastChunk)), cancellationToken);

        _copying += time.GetElapsedTime(_lastChunk);
        _lastChunk = time.GetTimestamp();
    }

    /// <summary>So many rows are compared; waits as the copy does.</summary>
    public Task ComparedAsync(string table, long rows, int chunk, TimeSpan took, CancellationToken cancellationToken)
    {
        IsComparing(table, rows);
        return RestAsync(RestAfter(chunk, took), cancellationToken);
    }

    /// <param name="table">Null where nothing is compared.</param>
    public void IsComparing(string? table, long rows) => _vdiff = table is null ? null : new VDiffProgress(table, rows, Math.Max(RowsExpected, rows));

    private Task RestAsync(TimeSpan rest, CancellationToken cancellationToken) => rest > TimeSpan.Zero ? Task.Delay(rest, time, cancellationToken) : Task.CompletedTask;
}
