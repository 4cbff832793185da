using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
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
internal sealed class Warehouse : IAsyncDisposable, IReadRouting
{
    public static readonly DatabaseProvider TargetEngine =
        Enum.Parse<DatabaseProvider>(Environment.GetEnvironmentVariable("MODULARSHOP_TEST_TARGET") ?? $"{TestDatabase.Engine}");

    private readonly TestDatabase _source;
    private readonly TestDatabase _target;
    private readonly ServiceProvider _services;
    private readonly MoveTablesOptions _options;
    private readonly MovePairs _pairs;
    private readonly List<Coordinating> _coordinators = [];

    private Warehouse(TestDatabase source, TestDatabase target, MoveTablesOptions options)
    {
        (_source, _target) = (source, target);
        _options = options with { Targets = new Dictionary<string, DatabaseOptions>(StringComparer.OrdinalIgnoreCase) { ["Warehouse"] = target.Options } };
        var services = new ServiceCollection();
        services.AddSingleton(TimeProvider.System).AddSingleton<IHostEnvironment>(new Here(source.Folder)).AddLogging().AddSingleton(Options.Create(source.Options));
        var module = new ModuleBuilder(new WarehouseModule(), services, new ConfigurationBuilder().Build(), new Here(source.Folder));
        new WarehouseModule().AddServices(module);
        _services = services.BuildServiceProvider();
        _pairs = new MovePairs(
            _services.GetRequiredService<IServiceScopeFactory>(), Options.Create(source.Options), Options.Create(_options), new Here(source.Folder), _services.GetRequiredService<WriteGates>(),
            TimeProvider.System);
        Module = new LoadedModule(new WarehouseModule(), typeof(WarehouseDbContext));
        Pair = _pairs.Find(Module)!;
        Store = new MoveStore(Pair.Host, TimeProvider.System);
    }

    public LoadedModule Module { get; }

    public MovePair Pair { get; }

    public MoveStore Store { get; }

    public Guid Id { get; private set; }

    public Owner ReadsGoTo { get; private set; } = Owner.Monolith;

    public static async Task<Warehouse> OpenAsync(MoveTablesOptions? options = null)
    {
        var warehouse = new Warehouse(await TestDatabase.CreateAsync(), await TestDatabase.CreateAsync(TargetEngine), options ?? new MoveTablesOptions());
        await using (var source = warehouse.OpenSource())
        await using (var target = warehouse.OpenTarget())
        {
            foreach (var context in new[] { source, target })
            {
                await context.Database.EnsureCreatedAsync();
                if (context.Provider is DatabaseProvider.Sqlite)
                {
                    await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL");
                }
            }
        }

        return warehouse;
    }

    public WarehouseDbContext OpenSource() => _source.Open<WarehouseDbContext>();

    public WarehouseDbContext OpenTarget() => _target.Open<WarehouseDbContext>();

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

    /// <summary>Records the move; it goes on where a coordinator runs.</summary>
    public async Task CreateAsync()
    {
        await using var connection = await Pair.Host.OpenAsync(default);
        await Store.MakeAsync(connection, default);
        Id = Guid.CreateVersion7();
        (await Store.AddAsync(connection, Id, Pair.Target, "test", default)).ShouldBeTrue();
    }

    /// <summary>A coordinator in this process; disposing of it is its orderly end.</summary>
    /// <param name="reached">Called right before and right after each durable step; what it throws ends the step there.</param>
    public Coordinating Coordinate(Action<MoveStep, bool>? reached = null)
    {
        var coordinating = new Coordinating(this, new MoveServices(new Steps(_options, new Here(_source.Folder), reached), _options, this, TimeProvider.System, NullLogger.Instance));
        _coordinators.Add(coordinating);
        return coordinating;
    }

    public async Task<Move> MoveAsync()
    {
        await using var connection = await Pair.Host.OpenAsync(default);
        return await Store.GetAsync(connection, Id, default);
    }

    public Task<Move> ComesToAsync(MoveState state) => ComesToAsync(m => m.State == state, $"the move to be {state}");

    public async Task<Move> ComesToAsync(Func<Move, bool> condition, string what)
    {
        Move? last = null;
        try
        {
            await Eventually.TrueAsync(async () => condition(last = await MoveAsync()), what, TimeSpan.FromSeconds(30));
        }
        catch (ShouldAssertException e)
        {
            throw new ShouldAssertException($"{e.Message} It is {last?.State}, {last?.Progress?.Doing}, trouble: {last?.Trouble}, history:\n{string.Join('\n', await HistoryAsync())}", e);
        }

        return last!;
    }

    public async Task<IReadOnlyList<MoveEvent>> HistoryAsync()
    {
        await using var connection = await Pair.Host.OpenAsync(default);
        return await Store.HistoryAsync(connection, Id, default);
    }

    /// <summary>Asks as an operator does and waits for the answer.</summary>
    public async Task<MoveAnswer> AskAsync(MoveCommandKind kind)
    {
        await using var connection = await Pair.Host.OpenAsync(default);
        var command = new MoveCommand(Guid.CreateVersion7(), kind, "test", DropNow: false, null);
        await Eventually.TrueAsync(() => Store.AskAsync(connection, Id, command, default), "the command before to be answered");
        MoveAnswer? answer = null;
        await Eventually.TrueAsync(
            async () => (answer = (await Store.GetAsync(connection, Id, default)).Command is { } c && c.Id == command.Id ? c.Answer : null) is not null, $"an answer to {kind}",
            TimeSpan.FromSeconds(30));
        return answer!;
    }

    public async Task DoAsync(MoveCommandKind kind)
    {
        var answer = await AskAsync(kind);
        answer.Done.ShouldBeTrue($"{kind}: {answer.Text}");
    }

    /// <summary>All that comes before the switch of writes.</summary>
    public async Task MakeReadyAsync()
    {
        await ComesToAsync(MoveState.Running);
        await VerifyAsync();
        await CatchUpAsync();
        await DoAsync(MoveCommandKind.SwitchReads);
    }

    public async Task<VDiffReport> VerifyAsync()
    {
        var before = (await MoveAsync()).VDiff?.EndedAt;
        await DoAsync(MoveCommandKind.VDiff);
        return (await ComesToAsync(m => m.VDiff is { } report && report.EndedAt != before, "the comparison to end")).VDiff!;
    }

    /// <summary>Waits until everything written so far has been carried over.</summary>
    public async Task CatchUpAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        await ComesToAsync(m => m.Progress?.CaughtUpAt >= now, "everything to be carried over");
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

    public async ValueTask DisposeAsync()
    {
        foreach (var coordinator in _coordinators)
        {
            await coordinator.DisposeAsync();
        }

        await _services.DisposeAsync();
        await _source.DisposeAsync();
        await _target.DisposeAsync();
    }

    private sealed class Steps(MoveTablesOptions options, IHostEnvironment environment, Action<MoveStep, bool>? reached) : MoveSteps(Options.Create(options), environment)
    {
        protected override void Reached(MoveStep step, bool isDone) => reached?.Invoke(step, isDone);
    }

    private sealed class Here(string folder) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = "Development";

        public string ApplicationName { get; set; } = "Warehouse";

        public string ContentRootPath { get; set; } = folder;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
