using ModularShop.Modularity.Deployables;
using ModularShop.MoveTables;
using Npgsql;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>Rows are copied while others write them.</summary>
public sealed class CopyTests
{
    /// <summary>More than the first two chunks take.</summary>
    private const int Bins = 13_000;

    [Fact]
    public async Task Rows_before_and_behind_the_chunk_that_is_copied_change_and_arrive_as_they_are()
    {
        await using var warehouse = await Warehouse.OpenAsync();
        var ids = await FillAsync(warehouse);
        await warehouse.CreateAsync();
        var chunks = 0;
        warehouse.Coordinate((step, isDone) =>
        {
            if (step is MoveStep.ChunkWritten)
            {
                ChangeAsync(isDone ? 1 : 2).GetAwaiter().GetResult();
                chunks += isDone ? 1 : 0;
            }
        });
        await warehouse.ComesToAsync(MoveState.Running);
        await warehouse.CatchUpAsync();
        chunks.ShouldBeGreaterThanOrEqualTo(3, "each of three tables has one at least, and bins more");
        await warehouse.ShouldBeEqualAsync();
        await warehouse.ShouldHaveItsIndexesAsync();

        // One of each in every part of the table: changed, deleted, and added with whatever key comes before it.
        async Task ChangeAsync(int round)
        {
            for (var part = 0; part < 10; part++)
            {
                var at = (part * (Bins / 10)) + (chunks * 20) + (round * 5);
                await warehouse.ExecuteAsync(Owner.Monolith, $"UPDATE {warehouse.Table(Owner.Monolith, "bins")} SET \"Size\" = \"Size\" + 1 WHERE \"Id\" = @id", ("@id", ids[at]));
                await warehouse.ExecuteAsync(Owner.Monolith, $"DELETE FROM {warehouse.Table(Owner.Monolith, "bins")} WHERE \"Id\" = @id", ("@id", ids[at + 1]));
                await using var connection = await warehouse.ConnectAsync(Owner.Monolith);
                // As the deleted one, but for its last digits.
                var bytes = ids[at + 1].ToByteArray(bigEndian: true);
                bytes[^1] ^= 0xff;
                await warehouse.InsertBinAsync(connection, null, new Guid(bytes, bigEndian: true), $"added-{at}");
            }
        }
    }

    [Fact]
    public async Task A_move_that_is_cancelled_in_the_middle_of_its_copy_leaves_nothing_behind()
    {
        await using var warehouse = await Warehouse.OpenAsync();
        await FillAsync(warehouse);
        await warehouse.CreateAsync();
        (await warehouse.Moves.ThrottleAsync("warehouse", 2000, dryRun: false, "test", default)).Value.RowsPerSecondLimit.ShouldBe(2000);
        var once = 0;
        warehouse.Coordinate((step, isDone) =>
        {
            if (step is MoveStep.ChunkWritten && isDone && Interlocked.Exchange(ref once, 1) == 0)
            {
                warehouse.TellAsync(MoveCommandKind.Cancel).GetAwaiter().GetResult();
            }
        });
        (await warehouse.ComesToAsync(MoveState.Cancelled)).Progress!.Rows.ShouldBeInRange(1, Bins - 1);
        (await warehouse.HistoryAsync()).ShouldNotContain(e => e.State == MoveState.Running);
        await warehouse.ShouldBeWithoutATraceAsync();
    }

    /// <remarks>As <c>./shop db provision</c> makes them: what a move makes is not theirs.</remarks>
    [PostgreSqlFact]
    public async Task Whoever_may_write_rows_and_nothing_else_is_recorded_and_refused_all_the_same()
    {
        await using var warehouse = await Warehouse.OpenAsync(await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql), await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql));
        await using var host = await WriterAsync(Owner.Monolith);
        await using var service = await WriterAsync(Owner.Service);
        await warehouse.CreateAsync();
        warehouse.Coordinate();
        await warehouse.ComesToAsync(MoveState.Running);
        await warehouse.InsertBinAsync(host, null, Guid.CreateVersion7(), "of the host");
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
        await warehouse.MakeReadyAsync();
        await warehouse.DoAsync(MoveCommandKind.SwitchWrites);
        (await Should.ThrowAsync<PostgresException>(() => warehouse.InsertBinAsync(host, null, Guid.CreateVersion7(), "refused"))).IsModuleMoved().ShouldBeTrue();
        await warehouse.InsertBinAsync(service, null, Guid.CreateVersion7(), "of the service", Owner.Service);
        await warehouse.CatchUpAsync();
        await warehouse.ShouldBeEqualAsync();
        (await Should.ThrowAsync<PostgresException>(() => service.ExecuteAsync(null, "DELETE FROM warehouse.change_log", default))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);

        async Task<NpgsqlConnection> WriterAsync(Owner owner)
        {
            var database = owner is Owner.Monolith ? warehouse.Source : warehouse.Target;
            var role = await (await PostgreSqlServer.SharedAsync()).CreateRoleAsync(database.ConnectionString!);
            var name = new NpgsqlConnectionStringBuilder(role).Username;
            await warehouse.ExecuteAsync(owner, $"GRANT USAGE ON SCHEMA warehouse TO {name}; GRANT SELECT, INSERT, UPDATE, DELETE ON warehouse.bins, warehouse.items, warehouse.tags TO {name}");
            var connection = new NpgsqlConnection(role);
            await connection.OpenAsync();
            return connection;
        }
    }

    private static async Task<Guid[]> FillAsync(Warehouse warehouse)
    {
        var ids = Enumerable.Range(0, Bins).Select(_ => Guid.CreateVersion7()).ToArray();
        await using var source = warehouse.OpenSource();
        source.AddRange(ids.Select((id, i) => new Bin { Id = id, Label = $"bin-{i}" }));
        await source.SaveChangesAsync();
        return ids;
    }
}
