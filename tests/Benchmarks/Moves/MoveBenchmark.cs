using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Benchmarks.Data;
using ModularShop.MoveTables;

namespace Benchmarks.Moves;

/// <summary>What a move costs: rows copied and compared, changes carried over, and what recording them costs those who write.</summary>
internal static class MoveBenchmark
{
    private const int Changes = 20_000;
    private const int SingleWrites = 2_000;

    public static Table CopyTable() => new(
        "Moving tables: copy and comparison",
        "Rows of the size of products. The engine's own way is binary COPY | COPY for PostgreSQL, ATTACH and INSERT … SELECT for SQLite, indexes made afterwards as the move does; "
        + "row by row is EF's AddRange. The move's copy is everything from its first row to the last index; memory is the most that the process has held.",
        ["pair", "rows", "copied", "the engine's own way", "ratio", "row by row", "compared", "comparison to copy", "memory"]);

    public static Table ChangesTable() => new(
        "Moving tables: changes",
        "Single writes, a transaction each, with and without their recording; and how fast recorded changes of other rows are carried over and read back.",
        ["pair", "writes without recording", "with recording", "ratio", "carried over"]);

    public static async Task RunAsync(DatabaseProvider from, DatabaseProvider to, int rows, Table copies, Table? changes)
    {
        await using var module = new MovableModule(GoodsModule.Loaded, await TestDatabase.CreateAsync(from), await TestDatabase.CreateAsync(to));
        await module.MakeTablesAsync();
        await FillAsync(module.Source, rows);
        var without = changes is null ? 0 : await WriteSinglyAsync(module);
        using var memory = new Memory();
        await module.StartCoordinatorAsync();
        await module.CreateAsync();
        await module.ComesToAsync(MoveState.Running);
        var history = await module.HistoryAsync();
        var copied = rows / (history.Single(e => e.State is MoveState.Running).At - history.Single(e => e.State is MoveState.Copying).At).TotalSeconds;
        var report = await module.VerifyAsync();
        var compared = report.Rows / (report.EndedAt - report.StartedAt).TotalSeconds;
        var most = memory.Most();
        var (own, naive) = from == to ? await OwnWayAsync(module.Source, rows) : (0, 0);
        copies.Add(
        [
            $"{from} → {to}", Number(rows), $"{Number(copied)}/s", own == 0 ? "" : $"{Number(own)}/s", own == 0 ? "" : Ratio(copied / own), naive == 0 ? "" : $"{Number(naive)}/s",
            $"{Number(compared)}/s", Ratio(compared / copied), $"{most / 1024 / 1024} MB",
        ]);
        if (changes is not null)
        {
            await using var connection = await module.Pair.Host.OpenAsync(default);
            await module.Store.PauseAsync(connection, module.Id, paused: true, default);
            await module.ComesToAsync(m => m.Progress?.Doing.StartsWith("paused", StringComparison.Ordinal) == true, "the move to be paused");
            var with = await WriteSinglyAsync(module);
            changes.Add([$"{from} → {to}", $"{Number(without)}/s", $"{Number(with)}/s", Ratio(with / without), $"{Number(await CarryOverAsync(module, connection))}/s"]);
        }

        await module.DoAsync(MoveCommandKind.Cancel);
        await module.ComesToAsync(MoveState.Cancelled);
    }

    private static async Task<(double Own, double Naive)> OwnWayAsync(TestDatabase source, int rows)
    {
        await using var own = await TestDatabase.CreateAsync(source.Options.Provider);
        await using var naive = await TestDatabase.CreateAsync(source.Options.Provider);
        return (await EnginePath.CopyAsync(source, own, rows), await EnginePath.EntitiesAsync(source, naive));
    }

    /// <summary>The first thousand through EF, the others as copies of them.</summary>
    private static async Task FillAsync(TestDatabase source, int rows)
    {
        const int First = 1000;
        await using var context = source.Open<GoodsDbContext>();
        context.AddRange(Enumerable.Range(0, First).Select(Good.Number));
        await context.SaveChangesAsync();
        await MultipliedRows.AddAsync(context, (rows / First) - 1, table => table == "goods");
    }

    private static async Task<double> WriteSinglyAsync(MovableModule module)
    {
        await using var connection = await module.Pair.Host.OpenAsync(default);
        var ids = await connection.QueryAsync(null, $"SELECT \"Id\" FROM {module.Pair.Host.Table("goods")} ORDER BY \"Sku\" LIMIT {SingleWrites}", r => r.GetValue(0), default);
        var clock = Stopwatch.StartNew();
        foreach (var id in ids)
        {
            await connection.ExecuteAsync(null, $"UPDATE {module.Pair.Host.Table("goods")} SET \"Version\" = \"Version\" + 1 WHERE \"Id\" = @id", default, ("@id", id));
        }

        return SingleWrites / clock.Elapsed.TotalSeconds;
    }

    private static async Task<double> CarryOverAsync(MovableModule module, DbConnection connection)
    {
        await connection.ExecuteAsync(
            null, $"UPDATE {module.Pair.Host.Table("goods")} SET \"Version\" = \"Version\" + 1 WHERE \"Id\" IN (SELECT \"Id\" FROM {module.Pair.Host.Table("goods")} ORDER BY \"Sku\" DESC LIMIT {Changes})", default);
        var applied = (await module.MoveAsync()).Progress!.ChangesApplied;
        var clock = Stopwatch.StartNew();
        await module.Store.PauseAsync(connection, module.Id, paused: false, default);
        await module.ComesToAsync(m => m.Progress is { LogRows: 0 } progress && progress.ChangesApplied >= applied + Changes, "the changes to be carried over");
        return (Changes + SingleWrites) / clock.Elapsed.TotalSeconds;
    }

    private static string Number(double figure) => figure.ToString("N0", CultureInfo.InvariantCulture);

    private static string Ratio(double figure) => figure.ToString("F2", CultureInfo.InvariantCulture);

    /// <summary>Looks at how much memory this process holds, while something is done.</summary>
    private sealed class Memory : IDisposable
    {
        private readonly Timer _timer;
        private long _most;

        public Memory() => _timer = new Timer(_ => Look(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));

        public long Most()
        {
            Look();
            return _most;
        }

        public void Dispose() => _timer.Dispose();

        private void Look()
        {
            using var self = Process.GetCurrentProcess();
            _most = Math.Max(_most, self.WorkingSet64);
        }
    }
}
