namespace ModularShop.MoveTables;

/// <summary>What a comparison waits for and tells.</summary>
/// <param name="Passed">Waits until the stream has carried over everything that was there at the time it is given.</param>
/// <param name="Compared">So many rows of a table more, in so much time; waits where the comparison is to stand back.</param>
/// <param name="Keep">Everything up to there is settled.</param>
internal sealed record VDiffSurroundings(
    Func<DateTime, CancellationToken, Task> Passed, Func<string, int, TimeSpan, CancellationToken, Task> Compared, Action<VDiffCheckpoint> Keep);

/// <summary>
/// Compares every row of both databases, in both directions, while they are written. What differs has to differ still
/// after all that was written before has been carried over.
/// </summary>
internal sealed class VDiff(MoveSide written, MoveSide following, VDiffSurroundings surroundings, TimeProvider time)
{
    /// <param name="begin">Where another one has come to.</param>
    public async Task<VDiffReport> RunAsync(VDiffCheckpoint begin, CancellationToken cancellationToken)
    {
        await using var one = await written.OpenAsync(cancellationToken);
        await using var other = await following.OpenAsync(cancellationToken);
        var reached = begin;
        foreach (var table in written.Tables.InOrder.Skip(begin.Tables.Count))
        {
            var comparison = new TableVDiff(table, (written, one), (following, other), written.Engine.SortsAlike(following.Engine, table), surroundings with { Keep = Keep }, time);
            var result = await comparison.RunAsync(reached, cancellationToken);
            Keep(reached with { Tables = [.. reached.Tables, result], Table = null, IsForExtra = false, After = null });
        }

        return new VDiffReport(begin.StartedAt, time.GetUtcNow(), begin.Recording, reached.Tables);

        void Keep(VDiffCheckpoint checkpoint)
        {
            reached = checkpoint;
            surroundings.Keep(checkpoint);
        }
    }
}
