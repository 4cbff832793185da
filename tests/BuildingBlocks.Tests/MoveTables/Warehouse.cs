using System.Data.Common;
using Microsoft.Extensions.Hosting;
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

    public Owner ReadsGoTo { get; private set; } = Owner.Monolith;

    public static async Task<Warehouse> OpenAsync(params (string Key, string Value)[] settings) =>
        await OpenAsync(await TestDatabase.CreateAsync(), await TestDatabase.CreateAsync(TargetEngine), settings);

    /// <summary>On databases of the test's choice.</summary>
    public static async Task<Warehouse> OpenAsync(TestDatabase source, TestDatabase target, params (string Key, string Value)[] settings)
    {
        var warehouse = new Warehouse(source, target, settings);
        await warehouse.MakeTablesAsync();
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
    public Coordinating Coordinate(Action<MoveStep, bool>? reached = null)
    {
        var coordinating = new Coordinating(this, new MoveServices(new Steps(Services, reached), Options.Value, this, MaxLag, TimeProvider.System, NullLogger.Instance));
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
            rows.AddRange((await side.Engine.ReadChunkAsync(connection, side.Schema, table, null, 1_000_000, default))
                .Select(r => $"{table}: {string.Join(", ", r.Select(v => v switch { byte[] b => Convert.ToHexString(b), DateTime d => d.ToString("O"), _ => v }))}"));
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }

    public async Task ShouldBeEqualAsync() => (await RowsAsync(Owner.Service)).ShouldBe(await RowsAsync(Owner.Monolith));

    /// <summary>Of a move that was cancelled nothing is left on either side.</summary>
    public async Task ShouldBeWithoutATraceAsync()
    {
        (await RowsAsync(Owner.Service)).ShouldBeEmpty();
        foreach (var side in new[] { Pair.Host, Pair.Service })
        {
            await using var connection = await side.OpenAsync(default);
            (await side.Engine.TriggersAsync(connection, null, side.Schema, default)).ShouldBeEmpty();
            (await side.Engine.HasTableAsync(connection, null, side.Schema, Engine.ChangeLog, default)).ShouldBeFalse();
        }
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

    private sealed class Steps(IServiceProvider services, Action<MoveStep, bool>? reached)
        : MoveSteps(services.GetRequiredService<IOptions<MoveTablesOptions>>(), services.GetRequiredService<IHostEnvironment>())
    {
        protected override void Reached(MoveStep step, bool isDone) => reached?.Invoke(step, isDone);
    }
}
