namespace ModularShop.MoveTables;

/// <summary>How far a comparison of all rows has come: what the next coordinator goes on from, should this one die.</summary>
/// <param name="IsBack">It is the service's database that is written.</param>
/// <param name="Recording">Which triggers recorded changes when it began.</param>
/// <param name="Tables">Those that are done.</param>
/// <param name="Table">The one under way, as far as it is; null before its first rows.</param>
/// <param name="IsForExtra">The rows of that table are compared, and those that only the following database has are looked for.</param>
/// <param name="After">The key of the last row that was looked at, as text; null for none.</param>
internal sealed record VDiffCheckpoint(
    string By, DateTimeOffset StartedAt, bool IsBack, string Recording, IReadOnlyList<VDiffTable> Tables, VDiffTable? Table = null, bool IsForExtra = false, IReadOnlyList<string?>? After = null)
{
    public long Rows() => Tables.Sum(t => t.Rows) + (Table?.Rows ?? 0);
}
