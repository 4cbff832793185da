using System.Data.Common;

namespace ModularShop.MoveTables;

/// <summary>
/// Compares the rows of one table: a stretch of keys after the other where both engines sort them alike, else those of the
/// one that is written by key, and then the keys of the other.
/// </summary>
/// <param name="sortsAlike">Else the same is found, and slower.</param>
internal sealed class TableVDiff(
    MovedTable table, (MoveSide Side, DbConnection Connection) written, (MoveSide Side, DbConnection Connection) following, bool sortsAlike, VDiffSurroundings surroundings, TimeProvider time)
{
    private const int Chunk = 5000;
    private const int MostSamples = 10;
    private const int FewestLooks = 20;

    private static readonly TimeSpan KeepEvery = TimeSpan.FromSeconds(5);

    /// <summary>A row that changes between any two looks is taken to differ after as many looks and as much time.</summary>
    private static readonly TimeSpan LongestDoubt = TimeSpan.FromSeconds(30);

    private readonly HashSet<RowKey> _suspects = [];
    private VDiffTable _result = new(table.Name, 0, 0, 0, 0, []);
    private long _kept = time.GetTimestamp();

    public async Task<VDiffTable> RunAsync(VDiffCheckpoint begin, CancellationToken cancellationToken)
    {
        _result = begin.Table ?? _result;
        var after = begin.After is { } texts ? RowKey.Parse(table, texts) : null;
        if (!begin.IsForExtra)
        {
            await CompareRowsAsync(begin, after, cancellationToken);
            after = null;
        }

        if (!sortsAlike)
        {
            await FindExtraAsync(begin, after, cancellationToken);
        }

        await SettleAsync(cancellationToken);
        return _result;
    }

    private async Task CompareRowsAsync(VDiffCheckpoint begin, RowKey? after, CancellationToken cancellationToken)
    {
        var next = ReadAsync(after);
        do
        {
            var started = time.GetTimestamp();
            var rows = await next;
            // No upper bound to the last stretch: what only the other side has may be behind it.
            var upTo = rows.Count < Chunk ? null : table.KeyOf(rows[^1]);
            // Read while the other side is.
            next = upTo is null ? Task.FromResult(new List<object?[]>()) : ReadAsync(upTo);
            var unseen = sortsAlike ? await MeetStretchAsync(rows, after, upTo, next, cancellationToken) : await MeetKeysAsync(rows, cancellationToken);
            _suspects.UnionWith(unseen.Keys);
            _result = _result with { Rows = _result.Rows + rows.Count };
            after = upTo;
            await RestAsync(next, begin with { IsForExtra = false }, after, cancellationToken);
            await surroundings.Compared(table.Name, rows.Count, time.GetElapsedTime(started), cancellationToken);
        }
        while (after is not null);

        Task<List<object?[]>> ReadAsync(RowKey? from) => Task.Run(() => ReadChunkAsync(written, from, null, cancellationToken), cancellationToken);
    }

    /// <summary>Compares with all that the following side has between two keys, however much that is.</summary>
    /// <param name="ahead">It has the connection to the written side until it is there.</param>
    /// <returns>The rows that it does not have.</returns>
    private async Task<Dictionary<RowKey, object?[]>> MeetStretchAsync(List<object?[]> rows, RowKey? after, RowKey? upTo, Task ahead, CancellationToken cancellationToken)
    {
        var twins = await ReadChunkAsync(following, after, upTo, cancellationToken);
        var abreast = MeetAbreast(rows, twins);
        var unseen = rows.Skip(abreast).ToDictionary(table.KeyOf);
        Meet(unseen, twins.Skip(abreast));
        while (twins.Count == Chunk && table.KeyOf(twins[^1]) is var last && !last.Equals(upTo))
        {
            if (_suspects.Count >= Chunk)
            {
                await ahead;
                await SettleAsync(cancellationToken);
            }

            twins = await ReadChunkAsync(following, last, upTo, cancellationToken);
            Meet(unseen, twins);
        }

        return unseen;
    }

    /// <summary>As far as neither side has a row that the other has not.</summary>
    /// <returns>So many of both.</returns>
    private int MeetAbreast(List<object?[]> rows, List<object?[]> twins)
    {
        var abreast = 0;
        for (; abreast < rows.Count && abreast < twins.Count && table.HaveSameKey(rows[abreast], twins[abreast]); abreast++)
        {
            if (RowValues.Difference(table, rows[abreast], twins[abreast]) is not null)
            {
                _suspects.Add(table.KeyOf(rows[abreast]));
            }
        }

        return abreast;
    }

    private async Task<Dictionary<RowKey, object?[]>> MeetKeysAsync(List<object?[]> rows, CancellationToken cancellationToken)
    {
        var unseen = rows.ToDictionary(table.KeyOf);
        Meet(unseen, await ReadByKeyAsync(following, unseen.Keys, cancellationToken));
        return unseen;
    }

    private void Meet(Dictionary<RowKey, object?[]> unseen, IEnumerable<object?[]> twins)
    {
        foreach (var twin in twins)
        {
            var key = table.KeyOf(twin);
            if (!unseen.Remove(key, out var row) || RowValues.Difference(table, row, twin) is not null)
            {
                _suspects.Add(key);
            }
        }
    }

    private async Task FindExtraAsync(VDiffCheckpoint begin, RowKey? after, CancellationToken cancellationToken)
    {
        var more = ReadAsync(after);
        while (await more is { Count: > 0 } keys)
        {
            var started = time.GetTimestamp();
            after = keys[^1];
            more = keys.Count < Chunk ? Task.FromResult(new List<RowKey>()) : ReadAsync(after);
            var known = (await written.Side.ReadKeysAsync(
                written.Connection, null, table, table.Key, keys.ConvertAll(k => k.Values), cancellationToken)).ToHashSet();
            _suspects.UnionWith(keys.Where(k => !known.Contains(k)));
            await RestAsync(more, begin with { IsForExtra = true }, after, cancellationToken);
            await surroundings.Compared(table.Name, 0, time.GetElapsedTime(started), cancellationToken);
        }

        Task<List<RowKey>> ReadAsync(RowKey? from) => Task.Run(
            () => following.Side.ReadKeyChunkAsync(following.Connection, table, from, Chunk, cancellationToken), cancellationToken);
    }

    /// <summary>However much differs, no more than a few chunks of it are kept in memory; and now and then it is kept how far this is.</summary>
    /// <param name="ahead">It has a connection until it is there.</param>
    private async Task RestAsync(Task ahead, VDiffCheckpoint checkpoint, RowKey? after, CancellationToken cancellationToken)
    {
        var isTime = time.GetElapsedTime(_kept) >= KeepEvery;
        if (_suspects.Count < Chunk && !isTime)
        {
            return;
        }

        await ahead;
        await SettleAsync(cancellationToken);
        if (isTime && after is not null)
        {
            surroundings.Keep(checkpoint with { Table = _result, After = after.ToTexts() });
            _kept = time.GetTimestamp();
        }
    }

    /// <summary>A row that was changed between two looks is looked at again.</summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var look = 1; _suspects.Count > 0; look++)
        {
            var isLast = look >= FewestLooks && time.GetElapsedTime(began) >= LongestDoubt;
            var keys = _suspects.ToList();
            var before = await ByKeyAsync(written);
            await surroundings.Passed(written.Side.Now, cancellationToken);
            var follows = await ByKeyAsync(following);
            var after = await ByKeyAsync(written);
            foreach (var key in keys)
            {
                var (was, twin, row) = (before.GetValueOrDefault(key), follows.GetValueOrDefault(key), after.GetValueOrDefault(key));
                if (AreEqual(row, twin))
                {
                    _suspects.Remove(key);
                }
                else if (AreEqual(was, row) || isLast)
                {
                    _suspects.Remove(key);
                    Count(VDiffSample.Of(table, key, row, twin));
                }
            }

            async Task<Dictionary<RowKey, object?[]>> ByKeyAsync((MoveSide, DbConnection) side) => table.ByKey(await ReadByKeyAsync(side, keys, cancellationToken));
        }
    }

    private void Count(VDiffSample sample) => _result = _result with
    {
        Differing = _result.Differing + (sample.Kind == VDiffSample.Differs ? 1 : 0),
        Missing = _result.Missing + (sample.Kind == VDiffSample.Missing ? 1 : 0),
        Extra = _result.Extra + (sample.Kind == VDiffSample.Extra ? 1 : 0),
        Samples = _result.Samples.Count < MostSamples ? [.. _result.Samples, sample] : _result.Samples,
    };

    private bool AreEqual(object?[]? one, object?[]? other) => one is null || other is null ? one == other : RowValues.Difference(table, one, other) is null;

    private Task<List<object?[]>> ReadChunkAsync((MoveSide Side, DbConnection Connection) from, RowKey? after, RowKey? upTo, CancellationToken cancellationToken) =>
        from.Side.ReadChunkAsync(from.Connection, table, after, Chunk, cancellationToken, upTo);

    private Task<List<object?[]>> ReadByKeyAsync((MoveSide Side, DbConnection Connection) from, IReadOnlyCollection<RowKey> keys, CancellationToken cancellationToken) =>
        from.Side.ReadRowsAsync(from.Connection, null, table, table.Key, [.. keys.Select(k => k.Values)], cancellationToken);
}
