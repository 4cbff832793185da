using System.Data.Common;
using ModularShop.Modularity.Deployables;

namespace ModularShop.MoveTables;

/// <summary>How far the copy of a table has come.</summary>
/// <param name="Last">The key of the last row that was copied; null before the first.</param>
internal sealed record Checkpoint(RowKey? Last, long Rows, bool IsDone);

/// <summary>
/// Copies the rows that are there, table by table, in chunks in the order of the key. A chunk and how far it went are one
/// transaction over there: a copy that dies goes on behind its last chunk.
/// </summary>
internal sealed class Copier(MoveSide from, MoveSide to, Guid workflow, long epoch) : IAsyncDisposable
{
    private const int FewestRows = 100;
    private const int MostRows = 10_000;
    private const long BytesPerChunk = 8 * 1024 * 1024;

    private readonly Dictionary<MovedTable, Checkpoint> _checkpoints = [];

    private DbConnection? _source;
    private DbConnection? _target;
    private int _rows = 2000;

    public IReadOnlyDictionary<MovedTable, Checkpoint> Checkpoints => _checkpoints;

    public bool IsDone => from.Tables.InOrder.All(t => _checkpoints[t].IsDone);

    public long Rows => _checkpoints.Values.Sum(c => c.Rows);

    /// <summary>Whether the copy has read <paramref name="key"/> already: a later change of it is the stream's.</summary>
    public bool IsCopied(MovedTable table, RowKey key) =>
        _checkpoints[table] is var checkpoint && (checkpoint.IsDone || (checkpoint.Last is { } last && from.Engine.Compare(key, last) <= 0));

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        _source = await from.OpenAsync(cancellationToken);
        _target = await to.OpenForLoadAsync(cancellationToken);
        foreach (var table in from.Tables.InOrder)
        {
            _checkpoints[table] = new Checkpoint(null, 0, IsDone: false);
        }

        foreach (var (name, checkpoint) in await _target.QueryAsync(
            null, $"SELECT \"Table\", \"K1\", \"K2\", \"K3\", \"K4\", \"Rows\", \"IsDone\" FROM {to.Table(Engine.Checkpoints)}",
            r => (r.GetString(0), (Key: new[] { r.GetText(1), r.GetText(2), r.GetText(3), r.GetText(4) }, Rows: r.GetInt64(5), IsDone: r.GetBoolean(6))), cancellationToken))
        {
            var table = from.Tables[name];
            _checkpoints[table] = new Checkpoint(checkpoint.Key[0] is null ? null : RowKey.Parse(table, checkpoint.Key), checkpoint.Rows, checkpoint.IsDone);
        }
    }

    /// <summary>Copies for about as long as it is told, the next chunk being read while one is written.</summary>
    /// <param name="most">How many rows a chunk may have: where there is a rate, those of a second, so that nobody waits long for its end.</param>
    /// <param name="paused">Waits after a chunk of so many rows for as long as the rate that is set asks for.</param>
    public async Task RunAsync(Func<bool> goesOn, Func<int> most, Func<int, Task> paused, Func<Func<Task>, Task> step, CancellationToken cancellationToken)
    {
        Task<List<object?[]>>? ahead = null;
        var asked = Math.Min(_rows, most());
        while (from.Tables.InOrder.FirstOrDefault(t => !_checkpoints[t].IsDone) is { } table)
        {
            var after = _checkpoints[table].Last;
            var rows = await (ahead ?? ReadAsync(table, after, asked, cancellationToken));
            var isLast = rows.Count < asked;
            var last = rows.Count == 0 ? after : table.KeyOf(rows[^1]);
            var next = new Checkpoint(last, _checkpoints[table].Rows + rows.Count, isLast);
            Adapt(rows);
            asked = Math.Min(_rows, most());
            // Nothing is read ahead when changes are to be applied next: their snapshot has to be the later one.
            ahead = !isLast && goesOn() ? ReadAsync(table, last, asked, cancellationToken) : null;
            try
            {
                await step(() => WriteAsync(table, rows, next, cancellationToken));
            }
            catch
            {
                await (ahead ?? Task.FromResult(rows)).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                throw;
            }

            _checkpoints[table] = next;
            await paused(rows.Count);
            if (ahead is null && !goesOn())
            {
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_source?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_target?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private Task<List<object?[]>> ReadAsync(MovedTable table, RowKey? after, int most, CancellationToken cancellationToken) =>
        Task.Run(() => from.ReadChunkAsync(_source!, table, after, most, cancellationToken), cancellationToken);

    private async Task WriteAsync(MovedTable table, List<object?[]> rows, Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        await using var transaction = await to.BeginAsync(_target!, epoch, cancellationToken);
        await transaction.BeginReplicatingAsync(cancellationToken);
        await transaction.InsertAsync(table, rows, cancellationToken);
        var key = checkpoint.Last?.ToTexts() ?? new string?[RowKey.MostColumns];
        await transaction.ExecuteAsync($"DELETE FROM {to.Table(Engine.Checkpoints)} WHERE \"Table\" = @table", cancellationToken, ("@table", table.Name));
        await transaction.ExecuteAsync(
            $"INSERT INTO {to.Table(Engine.Checkpoints)} (\"Table\", \"K1\", \"K2\", \"K3\", \"K4\", \"Rows\", \"IsDone\") VALUES (@table, @k1, @k2, @k3, @k4, @rows, @done)", cancellationToken,
            ("@table", table.Name), ("@k1", key[0]), ("@k2", key[1]), ("@k3", key[2]), ("@k4", key[3]), ("@rows", checkpoint.Rows), ("@done", checkpoint.IsDone));
        await transaction.RecordReplicationAsync(workflow, epoch, ReplicationState.Copying, null, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Chunks of about the same size in bytes, whatever the rows are like: memory stays the same.</summary>
    private void Adapt(List<object?[]> rows)
    {
        if (rows.Count > 0)
        {
            var bytes = rows.Take(200).Sum(r => r.Sum(v => v switch { string text => text.Length * 2L, byte[] binary => binary.Length, _ => 16L }));
            _rows = (int)Math.Clamp(BytesPerChunk / Math.Max(bytes / Math.Min(rows.Count, 200), 1), FewestRows, MostRows);
        }
    }
}
