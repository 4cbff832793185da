using System.Data.Common;

namespace ModularShop.MoveTables;

/// <summary>
/// Rows to be made equal in the database that follows. What they are now is newer than the log they were found by, so they
/// may name rows, or want unique values, that the other database does not have or give yet: <see cref="CloseAsync"/>
/// takes in what is needed until the batch stands on its own.
/// </summary>
internal sealed class Batch
{
    private readonly Dictionary<MovedTable, Dictionary<RowKey, object?[]?>> _rows = [];
    private readonly HashSet<(MovedTable, RowKey)> _first = [];
    private readonly Dictionary<MovedTable, List<RowKey>> _unread = [];
    private readonly Dictionary<MovedTable, List<RowKey>> _unsettled = [];

    public int Count => _rows.Values.Sum(r => r.Count);

    public void Add(MovedTable table, RowKey key)
    {
        if (Rows(table).TryAdd(key, null))
        {
            List(_unread, table).Add(key);
        }
    }

    /// <summary>Reads the rows that were added; none is there for those that are deleted.</summary>
    public async Task ReadAsync(MoveSide from, DbConnection connection, DbTransaction snapshot, CancellationToken cancellationToken)
    {
        foreach (var (table, keys) in _unread)
        {
            foreach (var row in await from.ReadRowsAsync(connection, snapshot, table, table.Key, [.. keys.Select(k => k.Values)], cancellationToken))
            {
                _rows[table][table.KeyOf(row)] = row;
            }

            List(_unsettled, table).AddRange(keys);
        }

        _unread.Clear();
    }

    /// <summary>Takes in, again and again, what the rows need: missing parents, holders of their unique values, children of what goes.</summary>
    public async Task CloseAsync(
        MoveSide from, DbConnection source, DbTransaction snapshot, MoveSide to, DbConnection target, CancellationToken cancellationToken)
    {
        await ReadAsync(from, source, snapshot, cancellationToken);
        while (_unsettled.Count > 0)
        {
            var unsettled = _unsettled.ToList();
            _unsettled.Clear();
            foreach (var (table, keys) in unsettled)
            {
                await TakeParentsAsync(table, keys, to, target, cancellationToken);
                await TakeHoldersAsync(table, keys, to, target, cancellationToken);
                await TakeChildrenAsync(table, [.. keys.Where(k => _rows[table][k] is null || _first.Contains((table, k)))], to, target, cancellationToken);
            }

            await ReadAsync(from, source, snapshot, cancellationToken);
        }
    }

    /// <summary>What goes first, children before their parents: rows that are deleted, and those that give way before they are written again.</summary>
    public IEnumerable<(MovedTable Table, IReadOnlyList<RowKey> Keys)> Deletes(MovedTables tables) => tables.InOrder.Reverse().Where(_rows.ContainsKey)
        .Select(t => (t, (IReadOnlyList<RowKey>)[.. _rows[t].Where(r => r.Value is null || _first.Contains((t, r.Key))).Select(r => r.Key)])).Where(t => t.Item2.Count > 0);

    /// <summary>Parents before their children.</summary>
    public IEnumerable<(MovedTable Table, IReadOnlyList<object?[]> Rows)> Upserts(MovedTables tables) => tables.InOrder.Where(_rows.ContainsKey)
        .Select(t => (t, (IReadOnlyList<object?[]>)[.. _rows[t].Values.OfType<object?[]>()])).Where(t => t.Item2.Count > 0);

    /// <summary>Reads everything back in the transaction that wrote it.</summary>
    /// <exception cref="VerificationException">A row is not what was written.</exception>
    public async Task VerifyAsync(MoveTransaction written, CancellationToken cancellationToken)
    {
        foreach (var (table, rows) in _rows)
        {
            var found = table.ByKey(await written.ReadRowsAsync(table, [.. rows.Keys], cancellationToken));
            foreach (var (key, row) in rows)
            {
                var problem = (row, found.GetValueOrDefault(key)) switch
                {
                    (null, null) => null,
                    (null, _) => "is there and was deleted",
                    (_, null) => "is not there and was written",
                    var (sent, read) => RowValues.Difference(table, sent, read) is { } column ? $"differs in {column} from what was written" : null,
                };
                if (problem is not null)
                {
                    throw new VerificationException($"The row {table} ({key}) {problem}.");
                }
            }
        }
    }

    private async Task TakeParentsAsync(MovedTable table, List<RowKey> keys, MoveSide to, DbConnection target, CancellationToken cancellationToken)
    {
        foreach (var (parent, column) in table.Parents)
        {
            var named = keys.Select(k => _rows[table][k]?[column]).OfType<object>().Select(v => new RowKey([v])).Distinct().Where(k => !Rows(parent).ContainsKey(k)).ToList();
            var there = (await to.ReadKeysAsync(target, null, parent, parent.Key, [.. named.Select(k => k.Values)], cancellationToken)).ToHashSet();
            named.Where(k => !there.Contains(k)).ToList().ForEach(k => Add(parent, k));
        }
    }

    private async Task TakeHoldersAsync(MovedTable table, List<RowKey> keys, MoveSide to, DbConnection target, CancellationToken cancellationToken)
    {
        foreach (var unique in table.Uniques)
        {
            var wanted = new Dictionary<RowKey, RowKey>();
            foreach (var key in keys)
            {
                if (_rows[table][key] is { } row && unique.All(c => row[c] is not null))
                {
                    wanted[new RowKey([.. unique.Select(c => row[c]!)])] = key;
                }
            }

            foreach (var holder in await to.ReadRowsAsync(target, null, table, unique, [.. wanted.Keys.Select(v => v.Values)], cancellationToken))
            {
                var key = table.KeyOf(holder);
                // What the database takes for the same value, such as one that ends in spaces, need not be equal here.
                if (!wanted.TryGetValue(new RowKey([.. unique.Select(c => holder[c]!)]), out var owner) || !owner.Equals(key))
                {
                    GiveWay(table, key);
                }
            }
        }
    }

    /// <remarks>By code, not by the database's cascade: what is deleted is in the batch, and comes back where it is still there.</remarks>
    private async Task TakeChildrenAsync(MovedTable table, List<RowKey> keys, MoveSide to, DbConnection target, CancellationToken cancellationToken)
    {
        foreach (var (child, column) in keys.Count == 0 ? [] : table.Children)
        {
            foreach (var key in await to.ReadKeysAsync(target, null, child, [column], [.. keys.Select(k => k.Values)], cancellationToken))
            {
                GiveWay(child, key);
            }
        }
    }

    private void GiveWay(MovedTable table, RowKey key)
    {
        if (!_first.Add((table, key)))
        {
            return;
        }

        if (Rows(table).ContainsKey(key) && !List(_unread, table).Contains(key))
        {
            // It was settled as a row that stays; now its children give way with it.
            List(_unsettled, table).Add(key);
        }
        else
        {
            Add(table, key);
        }
    }

    private Dictionary<RowKey, object?[]?> Rows(MovedTable table) => _rows.TryGetValue(table, out var rows) ? rows : _rows[table] = [];

    private static List<RowKey> List(Dictionary<MovedTable, List<RowKey>> lists, MovedTable table) => lists.TryGetValue(table, out var list) ? list : lists[table] = [];
}

/// <summary>What was read back is not what was written: nothing of it is kept.</summary>
internal sealed class VerificationException(string message) : Exception(message);
