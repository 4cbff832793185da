using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Modules;
using ModularShop.MoveTables;
using Shouldly;

namespace ModularShop.TestKit;

/// <summary>A module alone on two databases, and the move of its tables from the one to the other, without a shop around it.</summary>
internal class MovableModule : IAsyncDisposable
{
    private readonly LoadedModule _module;
    private readonly IHost _host;

    public MovableModule(LoadedModule module, TestDatabase source, TestDatabase target, params (string Key, string Value)[] settings)
    {
        (_module, Source, Target) = (module, source, target);
        Settings =
        [
            .. source.Settings,
            .. target.Settings.Where(s => s.Key.StartsWith("Database:", StringComparison.Ordinal)).Select(s => ($"MoveTables:Targets:{module.Name}:{s.Key["Database:".Length..]}", s.Value)),
            // Nobody reads here whom an end would have to wait for.
            ("Replicas:MaxLagSeconds", "0"),
            .. settings,
        ];
        _host = Configure(module, source.Folder, [.. Settings.Select(s => $"--{s.Key}={s.Value}")]).Build();
        Pair = Services.GetRequiredService<MovePairs>().Find(module)!;
        Store = new MoveStore(Pair.Host, TimeProvider.System);
    }

    /// <summary>What a coordinator in a process of its own is configured with.</summary>
    public IReadOnlyList<(string Key, string Value)> Settings { get; }

    public TestDatabase Source { get; }

    public TestDatabase Target { get; }

    /// <summary>The source's.</summary>
    public string Folder => Source.Folder;

    public MovePair Pair { get; }

    public MoveStore Store { get; }

    /// <summary>What operators ask.</summary>
    public Moves Moves => Services.GetRequiredService<Moves>();

    public Guid Id { get; private set; }

    protected IServiceProvider Services => _host.Services;

    /// <summary>A host of the module alone, which coordinates its moves once it is started.</summary>
    public static HostApplicationBuilder Configure(LoadedModule module, string folder, string[] arguments)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, EnvironmentName = Environments.Development, ContentRootPath = folder });
        builder.Configuration.AddCommandLine(arguments);
        // The parts of a module that are not asked for need not be complete.
        builder.ConfigureContainer(new DefaultServiceProviderFactory());
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new Deployable(Deployable.Monolith));
        services.AddOptions<DatabaseOptions>().BindConfiguration("Database");
        services.AddOptions<ReplicaOptions>().BindConfiguration("Replicas");
        services.AddOptions<MoveTablesOptions>().BindConfiguration(MoveTablesOptions.Section);
        module.Module.AddServices(new ModuleBuilder(module.Module, services, builder.Configuration, builder.Environment));
        services.AddSingleton(new ModuleRegistry([module]));
        services.AddSingleton<Ownerships>();
        services.AddSingleton<Replicas>();
        services.AddSingleton<OwnershipStore>();
        services.AddSingleton<WriteTraffic>();
        services.AddSingleton<MovePairs>();
        services.AddSingleton<MoveSteps>();
        services.AddSingleton<IReadRouting, NoRouting>();
        services.AddSingleton<ServiceProbe, PresentService>();
        services.AddSingleton<MoveChecks>();
        services.AddSingleton<Moves>();
        services.AddHostedService<Coordinator>();
        return builder;
    }

    /// <summary>From here on this process coordinates the moves.</summary>
    public Task StartCoordinatorAsync() => _host.StartAsync();

    /// <summary>The module's tables, empty, in both databases.</summary>
    public async Task MakeTablesAsync()
    {
        foreach (var database in new[] { Source, Target })
        {
            await using var context = Open(database);
            await (context.Database.GetMigrations().Any() ? context.Database.MigrateAsync() : context.Database.EnsureCreatedAsync());
            if (context.Provider is DatabaseProvider.Sqlite)
            {
                await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL");
            }
        }
    }

    /// <summary>Records the move; it goes on where a coordinator runs.</summary>
    public async Task CreateAsync()
    {
        await using var connection = await Pair.Host.OpenAsync(default);
        await Store.MakeAsync(connection, default);
        Id = Guid.CreateVersion7();
        (await Store.AddAsync(connection, Id, Pair.Target, "test", least: 0, default)).ShouldBeTrue();
    }

    public async Task<Move> MoveAsync()
    {
        await using var connection = await Pair.Host.OpenAsync(default);
        return await Store.GetAsync(connection, Id, default);
    }

    public Task<Move> ComesToAsync(MoveState state) => ComesToAsync(m => m.State == state, $"the move to be {state}");

    /// <summary>Has patience with each coordinator anew: tests kill them by the dozen, and who replaces one has to start first.</summary>
    public async Task<Move> ComesToAsync(Func<Move, bool> condition, string what)
    {
        var last = await MoveAsync();
        while (!condition(last))
        {
            var epoch = last.Epoch;
            try
            {
                await Eventually.TrueAsync(async () => condition(last = await MoveAsync()) || last.Epoch != epoch, what, TimeSpan.FromMinutes(2));
            }
            catch (ShouldAssertException e)
            {
                throw new ShouldAssertException($"{e.Message} It is {last.State}, {last.Progress?.Doing}, trouble: {last.Trouble}, history:\n{string.Join('\n', await HistoryAsync())}", e);
            }
        }

        return last;
    }

    public async Task<IReadOnlyList<MoveEvent>> HistoryAsync()
    {
        await using var connection = await Pair.Host.OpenAsync(default);
        return await Store.HistoryAsync(connection, Id, default);
    }

    /// <summary>Asks as an operator does.</summary>
    public async Task<MoveCommand> TellAsync(MoveCommandKind kind, bool abandonTarget = false)
    {
        var command = new MoveCommand(Guid.CreateVersion7(), kind, "test", null, AbandonTarget: abandonTarget);
        await Eventually.TrueAsync(() => TryAskAsync(command), "the command before to be answered");
        return command;
    }

    /// <summary>False where another command has not been answered yet, or somebody keeps the database from being written to: an operator asks again.</summary>
    private async Task<bool> TryAskAsync(MoveCommand command)
    {
        try
        {
            await using var connection = await Pair.Host.OpenAsync(default);
            return await Store.AskAsync(connection, Id, command, default);
        }
        catch (Exception e) when (e.IsDatabaseUnavailable())
        {
            return false;
        }
    }

    /// <summary>The same, and waits for the answer.</summary>
    public async Task<MoveAnswer> AskAsync(MoveCommandKind kind)
    {
        var command = await TellAsync(kind);
        await using var connection = await Pair.Host.OpenAsync(default);
        MoveAnswer? answer = null;
        await Eventually.TrueAsync(
            async () => (answer = (await Store.GetAsync(connection, Id, default)).Command is { } c && c.Id == command.Id ? c.Answer : null) is not null, $"an answer to {kind}",
            TimeSpan.FromMinutes(2));
        return answer!;
    }

    public async Task DoAsync(MoveCommandKind kind)
    {
        var answer = await AskAsync(kind);
        answer.Done.ShouldBeTrue($"{kind}: {answer.Text}");
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

    public virtual async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await Source.DisposeAsync();
        await Target.DisposeAsync();
    }

    private ModuleDbContext Open(TestDatabase database) => Services.GetRequiredService<MovePairs>().OpenTarget(_module, database.Options);

    private sealed class NoRouting : IReadRouting
    {
        public Task<string?> SendReadsAsync(string module, Owner side, string by, string reason, CancellationToken cancellationToken) => Task.FromResult<string?>(null);
    }

    /// <summary>No service runs, and the move does without.</summary>
    private sealed class PresentService() : ServiceProbe(null!)
    {
        public override Task<string?> ProblemAsync(LoadedModule module, bool isReplica, CancellationToken cancellationToken) => Task.FromResult<string?>(null);
    }
}
