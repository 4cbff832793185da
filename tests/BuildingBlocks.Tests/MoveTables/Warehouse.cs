using System.Data.Common;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Deployables;
using ModularShop.MoveTables;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>
/// A module on its two databases, and coordinators of its move that a test starts and stops. The engines are those of the
/// test run: <c>MODULARSHOP_TEST_DATABASE</c>, and <c>MODULARSHOP_TEST_TARGET</c> where the other side is another one.
/// </summary>
internal sealed class Warehouse : MovableModule, IReadRouting
{
    public static readonly DatabaseProvider TargetEngine =
        Enum.Parse<DatabaseProvider>(Environment.GetEnvironmentVariable("MODULARSHOP_TEST_TARGET") ?? $"{TestDatabase.Engine}");

    private readonly List<Coordinating> _coordinators = [];

    private Warehouse(TestDatabase source, TestDatabase target, (string Key, string Value)[] settings)
        : base(WarehouseHost.Module, source, target, settings)
    {
    }

    private static readonly string[] Outliving = [MoveStore.Moves, MoveStore.History, Engine.Coordinator, "UQ__move_work", "PK__move"];

    private readonly Dictionary<Owner, IReadOnlyList<string>> _schemas = [];

    public Owner ReadsGoTo { get; private set; } = Owner.Monolith;

    public static async Task<Warehouse> OpenAsync(params (string Key, string Value)[] settings) =>
        await OpenAsync(await TestDatabase.CreateAsync(), await TestDatabase.CreateAsync(TargetEngine), settings);

    /// <summary>With a move whose rows have been copied.</summary>
    public static async Task<Warehouse> RunningAsync(params (string Key, string Value)[] settings)
    {
        var warehouse = await OpenAsync(settings);
        await warehouse.CreateAsync();
        warehouse.Coordinate();
        await warehouse.ComesToAsync(MoveState.Running);
        return warehouse;
    }

    /// <summary>On databases of the test's choice.</summary>
    public static async Task<Warehouse> OpenAsync(TestDatabase source, TestDatabase target, params (string Key, string Value)[] settings)
    {
        var warehouse = new Warehouse(source, target, settings);
        await warehouse.MakeTablesAsync();
        foreach (var side in new[] { Owner.Monolith, Owner.Service })
        {
            warehouse._schemas[side] = await warehouse.SchemaAsync(side);
        }

        return warehouse;
    }

    public WarehouseDbContext OpenSource() => Source.Open<WarehouseDbContext>();

    public WarehouseDbContext OpenTarget() => Target.Open<WarehouseDbContext>();

    public WarehouseDbContext Open(Owner owner) => owner is Owner.Monolith ? OpenSource() : OpenTarget();

    /// <summary>A connection of an ordinary writer.</summary>
    public async Task<DbConnection> ConnectAsync(Owner owner)
    {
        await using var context = Open(owner);
        var connection = (DbConnection)Activator.CreateInstance(context.Database.GetDbConnection().GetType(), context.Database.GetConnectionString())!;
        await connection.OpenAsync();
        return connection;
    }

    public string Table(Owner owner, string table) => Pair.Of(owner).Table(table);

    /// <summary>A coordinator in this process; disposing of it is its orderly end.</summary>
    /// <param name="reached">Called right before and right after each durable step; what it throws ends the step there.</param>
    /// <param name="pair">As another configuration has it.</param>
    public Coordinating Coordinate(Action<MoveStep, bool>? reached = null, MovePair? pair = null)
    {
        var coordinating = new Coordinating(this, pair ?? Pair, new MoveServices(new Steps(reached), Options.Value, this, Services.GetRequiredService<WriteTraffic>(), Services.GetRequiredService<ServiceProbe>(), MaxLag, TimeProvider.System, NullLogger.Instance));
        _coordinators.Add(coordinating);
        return coordinating;
    }

    private TimeSpan MaxLag => TimeSpan.FromSeconds(Services.GetRequiredService<IOptions<ReplicaOptions>>().Value.MaxLagSeconds);

    private IOptions<MoveTablesOptions> Options => Services.GetRequiredService<IOptions<MoveTablesOptions>>();

    /// <summary>All that comes before the switch of writes.</summary>
    public async Task MakeReadyAsync()
    {
        await ComesToAsync(MoveState.Running);
        await VerifyAsync();
        await CatchUpAsync();
        await DoAsync(MoveCommandKind.SwitchReads);
    }

    /// <summary>As if the coordinator had given no sign of life: the next one takes the move over.</summary>
    public async Task ForgetCoordinatorAsync()
    {
        await using var connection = await Pair.Host.OpenAsync(default);
        await connection.ExecuteAsync(null, $"UPDATE {Pair.Host.Table(MoveStore.Moves)} SET \"LeaseUntil\" = 0", default);
    }

    /// <summary>By hand, past the program.</summary>
    public async Task ExecuteAsync(Owner side, string sql, params (string Name, object? Value)[] parameters)
    {
        await using var connection = await ConnectAsync(side);
        await connection.ExecuteAsync(null, sql, default, parameters);
    }

    /// <summary>The same past the triggers, as only somebody can who may do everything: neither recorded nor denied.</summary>
    public async Task TrespassAsync(Owner side, string sql, params (string Name, object? Value)[] parameters)
    {
        var there = Pair.Of(side);
        await using var connection = await there.OpenAsync(default);
        await using var transaction = await there.Engine.BeginWriteAsync(connection, default);
        await there.Engine.BeginReplicatingAsync(connection, transaction, there.Schema, default);
        await connection.ExecuteAsync(transaction, sql, default, parameters);
        await there.Engine.EndReplicatingAsync(connection, transaction, there.Schema, default);
        await transaction.CommitAsync();
    }

    /// <summary>A bin, in a transaction of the test's on a connection to that side.</summary>
    public Task InsertBinAsync(DbConnection connection, DbTransaction? transaction, Guid id, string label, Owner side = Owner.Monolith) => connection.ExecuteAsync(
        transaction,
        $"INSERT INTO {Table(side, "bins")} (\"Id\", \"Label\", \"Size\", \"IsCold\", \"Weight\", \"MadeAt\", \"Price_Amount\", \"Price_Currency\") VALUES (@id, @label, 0, @cold, 0, @at, 0, 'EUR')",
        default, ("@id", id), ("@label", label), ("@cold", false), ("@at", new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc)));

    /// <summary>A bin with nothing in it.</summary>
    public async Task<Guid> AddAsync(Owner side, string label)
    {
        await using var context = Open(side);
        var bin = new Bin { Id = Guid.CreateVersion7(), Label = label };
        context.Add(bin);
        await context.SaveChangesAsync();
        return bin.Id;
    }

    /// <summary>Every row of every table on a side, as text.</summary>
    public async Task<IReadOnlyList<string>> RowsAsync(Owner owner)
    {
        var side = Pair.Of(owner);
        await using var connection = await side.OpenAsync(default);
        var rows = new List<string>();
        foreach (var table in Pair.Tables.InOrder)
        {
            rows.AddRange((await side.ReadChunkAsync(connection, table, null, 1_000_000, default))
                .Select(r => $"{table}: {string.Join(", ", r.Select(v => v switch { byte[] b => Convert.ToHexString(b), DateTime d => d.ToString("O"), _ => v }))}"));
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }

    public async Task ShouldBeEqualAsync() => (await RowsAsync(Owner.Service)).ShouldBe(await RowsAsync(Owner.Monolith));

    /// <summary>Of a move that was cancelled nothing is left on either side but its history.</summary>
    public async Task ShouldBeWithoutATraceAsync()
    {
        (await RowsAsync(Owner.Service)).ShouldBeEmpty();
        (await SchemaAsync(Owner.Service)).ShouldBe(_schemas[Owner.Service]);
        (await SchemaAsync(Owner.Monolith)).ShouldBe(_schemas[Owner.Monolith]);
        await using var connection = await Pair.Service.OpenAsync(default);
        (await Pair.Service.ReadOwnershipAsync(connection, default)).ShouldBe(Ownerships.AtFirst);
        (await Pair.Service.ReadTokenAsync(connection, default)).Workflow.ShouldBeNull();
        (await connection.CountAsync(null, Pair.Service.Table("replication"), default)).ShouldBe(0);
    }

    /// <summary>While rows are carried over, the service's tables have the indexes and foreign keys that they were made with.</summary>
    public async Task ShouldHaveItsIndexesAsync() =>
        _schemas[Owner.Service].Where(s => s.StartsWith("index", StringComparison.Ordinal)).Except(await SchemaAsync(Owner.Service), StringComparer.Ordinal).ShouldBeEmpty();

    /// <summary>Tables, indexes with foreign keys, triggers and functions, but for those that outlive a move.</summary>
    private async Task<IReadOnlyList<string>> SchemaAsync(Owner owner)
    {
        var side = Pair.Of(owner);
        await using var connection = await side.OpenAsync(default);
        var all = await connection.QueryAsync(
            null, side.Engine.Provider switch
            {
                DatabaseProvider.Sqlite => "SELECT type || ' ' || name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND @schema = @schema",
                DatabaseProvider.PostgreSql => """
                    SELECT 'table ' || tablename FROM pg_tables WHERE schemaname = @schema UNION ALL SELECT 'index ' || indexname FROM pg_indexes WHERE schemaname = @schema
                    UNION ALL SELECT 'index ' || c.conname FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = @schema AND c.contype = 'f'
                    UNION ALL SELECT 'trigger ' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = @schema AND NOT t.tgisinternal
                    UNION ALL SELECT 'function ' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = @schema
                    """,
                _ => """
                    SELECT CONCAT(N'table ', t.name) FROM sys.tables AS t WHERE SCHEMA_NAME(t.schema_id) = @schema
                    UNION ALL SELECT CONCAT(N'index ', i.name) FROM sys.indexes AS i JOIN sys.tables AS t ON t.object_id = i.object_id WHERE SCHEMA_NAME(t.schema_id) = @schema AND i.name IS NOT NULL AND i.is_primary_key = 0
                    UNION ALL SELECT CONCAT(N'index ', f.name) FROM sys.foreign_keys AS f JOIN sys.tables AS t ON t.object_id = f.parent_object_id WHERE SCHEMA_NAME(t.schema_id) = @schema
                    UNION ALL SELECT CONCAT(N'trigger ', g.name) FROM sys.triggers AS g JOIN sys.tables AS t ON t.object_id = g.parent_id WHERE SCHEMA_NAME(t.schema_id) = @schema
                    """,
            },
            r => r.GetString(0), default, ("@schema", side.Schema));
        return [.. all.Where(s => !Outliving.Any(o => s.Contains(o, StringComparison.OrdinalIgnoreCase))).Order(StringComparer.Ordinal)];
    }

    public async Task<Ownership> OwnerAsync(Owner side)
    {
        await using var connection = await Pair.Of(side).OpenAsync(default);
        return await Pair.Of(side).ReadOwnershipAsync(connection, default);
    }

    Task<string?> IReadRouting.SendReadsAsync(string module, Owner side, string by, string reason, CancellationToken cancellationToken)
    {
        ReadsGoTo = side;
        return Task.FromResult<string?>(null);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var coordinator in _coordinators)
        {
            await coordinator.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    private sealed class Steps(Action<MoveStep, bool>? reached) : MoveSteps
    {
        protected override void Reached(MoveStep step, bool isDone) => reached?.Invoke(step, isDone);
    }
}
