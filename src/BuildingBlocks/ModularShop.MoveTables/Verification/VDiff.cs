using System.Data.Common;
using System.Globalization;

namespace ModularShop.MoveTables;

/// <summary>
/// Compares every row of both databases, in both directions, while they are written: rows of one in the order of its key,
/// those of the other by key, since no two engines sort alike. What differs has to differ still after all that was written
/// before has been carried over.
/// </summary>
/// <param name="passed">Waits until the stream has carried over everything that was there at the time it is given.</param>
internal sealed class VDiff(MoveSide written, MoveSide following, Func<DateTime, CancellationToken, Task> passed, TimeProvider time)
{
    private const int Chunk = 5000;
    private const int MostSamples = 10;
    private const int MostLooks = 20;
    private const int LongestValue = 80;

    public async Task<VDiffReport> RunAsync(Action<string, long> progress, CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow();
        await using var one = await written.OpenAsync(cancellationToken);
        await using var other = await following.OpenAsync(cancellationToken);
        var tables = new List<VDiffTable>();
        var rows = 0L;
        foreach (var table in written.Tables.InOrder)
        {
            tables.Add(await CompareAsync(table, one, other, n => progress(table.Name, rows += n), cancellationToken));
        }

        return new VDiffReport(started, time.GetUtcNow(), tables);
    }

    private async Task<VDiffTable> CompareAsync(MovedTable table, DbConnection one, DbConnection other, Action<int> progress, CancellationToken cancellationToken)
    {
        var (result, suspects) = (new VDiffTable(table.Name, 0, 0, 0, 0, []), new HashSet<RowKey>());
        var next = ReadAsync(null);
        while (await next is { Count: > 0 } rows)
        {
            // Read while the other side looks its rows up.
            next = rows.Count < Chunk ? Task.FromResult(new List<object?[]>()) : ReadAsync(table.KeyOf(rows[^1]));
            var keys = rows.ConvertAll(table.KeyOf);
            var found = (await following.Engine.ReadRowsAsync(other, null, following.Schema, table, table.Key, keys.ConvertAll(k => k.Values), cancellationToken)).ToDictionary(table.KeyOf);
            for (var i = 0; i < rows.Count; i++)
            {
                if (!found.TryGetValue(keys[i], out var twin) || RowValues.Difference(table, rows[i], twin) is not null)
                {
                    suspects.Add(keys[i]);
                }
            }

            result = result with { Rows = result.Rows + rows.Count };
            progress(rows.Count);
            await SettleManyAsync(next);
        }

        var more = ReadKeysAsync(null);
        while (await more is { Count: > 0 } keys)
        {
            more = keys.Count < Chunk ? Task.FromResult(new List<RowKey>()) : ReadKeysAsync(keys[^1]);
            var known = (await written.Engine.ReadKeysAsync(one, null, written.Schema, table, table.Key, keys.ConvertAll(k => k.Values), cancellationToken)).ToHashSet();
            suspects.UnionWith(keys.Where(k => !known.Contains(k)));
            await SettleManyAsync(more);
        }

        return await SettleAsync(table, result, suspects, one, other, cancellationToken);

        // However much differs, no more than a few chunks of it are kept; what is read ahead has the connection until it is there.
        async Task SettleManyAsync(Task ahead)
        {
            if (suspects.Count >= Chunk)
            {
                await ahead;
                result = await SettleAsync(table, result, suspects, one, other, cancellationToken);
            }
        }

        Task<List<object?[]>> ReadAsync(RowKey? after) => Task.Run(() => written.Engine.ReadChunkAsync(one, written.Schema, table, after, Chunk, cancellationToken), cancellationToken);

        Task<List<RowKey>> ReadKeysAsync(RowKey? after) => Task.Run(() => following.Engine.ReadKeyChunkAsync(other, following.Schema, table, after, Chunk, cancellationToken), cancellationToken);
    }

    /// <summary>A row that was changed between two looks is looked at again.</summary>
    private async Task<VDiffTable> SettleAsync(
        MovedTable table, VDiffTable result, HashSet<RowKey> suspects, DbConnection one, DbConnection other, CancellationToken cancellationToken)
    {
        var (differing, missing, extra, samples) = (result.Differing, result.Missing, result.Extra, result.Samples.ToList());
        for (var look = 1; suspects.Count > 0; look++)
        {
            var keys = suspects.ToList();
            var before = await ReadAsync(written, one);
            await passed(written.Now, cancellationToken);
            var follows = await ReadAsync(following, other);
            var after = await ReadAsync(written, one);
            foreach (var key in keys)
            {
                var (was, twin, row) = (before.GetValueOrDefault(key), follows.GetValueOrDefault(key), after.GetValueOrDefault(key));
                if (AreEqual(table, row, twin))
                {
                    suspects.Remove(key);
                }
                else if (AreEqual(table, was, row) || look == MostLooks)
                {
                    suspects.Remove(key);
                    var sample = Describe(table, key, row, twin);
                    (differing, missing, extra) = (differing + (sample.Kind == "differs" ? 1 : 0), missing + (sample.Kind == "missing" ? 1 : 0), extra + (sample.Kind == "extra" ? 1 : 0));
                    if (samples.Count < MostSamples)
                    {
                        samples.Add(sample);
                    }
                }
            }

            async Task<Dictionary<RowKey, object?[]>> ReadAsync(MoveSide side, DbConnection connection) =>
                (await side.Engine.ReadRowsAsync(connection, null, side.Schema, table, table.Key, keys.ConvertAll(k => k.Values), cancellationToken)).ToDictionary(table.KeyOf);
        }

        return result with { Differing = differing, Missing = missing, Extra = extra, Samples = samples };
    }

    private static bool AreEqual(MovedTable table, object?[]? one, object?[]? other) =>
        one is null || other is null ? one == other : RowValues.Difference(table, one, other) is null;

    private static VDiffSample Describe(MovedTable table, RowKey key, object?[]? row, object?[]? twin)
    {
        if (row is null || twin is null)
        {
            return new VDiffSample(key.ToString(), row is null ? "extra" : "missing", null, null, null);
        }

        var column = RowValues.Difference(table, row, twin)!;
        var ordinal = table.Columns.Select((c, i) => (c.Name, i)).Single(c => c.Name == column).i;
        return new VDiffSample(key.ToString(), "differs", column, Text(row[ordinal]), Text(twin[ordinal]));
    }

    private static string Text(object? value)
    {
        var text = value switch
        {
            null => "NULL",
            byte[] bytes => Convert.ToHexString(bytes),
            DateTime at => at.ToString("O", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
        return text.Length <= LongestValue ? text : $"{text[..LongestValue]}…";
    }
}
