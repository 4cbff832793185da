using BuildingBlocks.Tests.Bystander;
using BuildingBlocks.Tests.Receiver;
using BuildingBlocks.Tests.Sender;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using ModularShop.Modularity.Apis;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Pipeline;

namespace BuildingBlocks.Tests;

/// <summary>A process with the sender, the receiver and the bystander, on databases in a folder that several may share.</summary>
internal sealed class Host : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Host(WebApplication app) => _app = app;

    public TestClock Clock { get; private init; } = null!;

    public Listening Listening => Services.GetRequiredService<Listening>();

    public IServiceProvider Services => _app.Services;

    /// <summary>Where it listens for everybody.</summary>
    public Uri Public => new(_app.Urls.First());

    public static async Task<Host> StartAsync(TestDatabase database, Action<IServiceCollection>? configure = null, params (string Key, string Value)[] settings)
    {
        var host = await BuildAsync(database, configure, settings);
        await host._app.StartAsync();
        return host;
    }

    /// <summary>A deployable with peers: the monolith with all modules, or the service of one.</summary>
    public static async Task<Host> StartAsync(TestDatabase database, Line line, string deployable, params (string Key, string Value)[] settings)
    {
        var host = await BuildAsync(database, null, [.. line.SettingsOf(deployable), .. settings], (line, deployable));
        await host._app.StartAsync();
        return host;
    }

    /// <summary>With its tables, but doing no background work.</summary>
    public static Task<Host> BuildAsync(TestDatabase database, Action<IServiceCollection>? configure = null, params (string Key, string Value)[] settings) =>
        BuildAsync(database, configure, settings, peer: null);

    private static async Task<Host> BuildAsync(TestDatabase database, Action<IServiceCollection>? configure, (string Key, string Value)[] settings, (Line Line, string Deployable)? peer)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Testing", ContentRootPath = database.Folder });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Messaging:RetryBaseMilliseconds"] = "2",
            ["Messaging:MaxAttempts"] = "4",
            ["Messaging:LeaseSeconds"] = "1",
        });
        builder.Configuration.AddInMemoryCollection(database.Settings.ToDictionary(s => s.Key, s => (string?)s.Value, StringComparer.Ordinal));
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value, StringComparer.Ordinal));
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        var clock = new TestClock();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton<Listening>();
        builder.Services.AddSingleton<SpeakHandler.Runs>();
        if (peer is { } named)
        {
            builder.AddPlatform(named.Deployable);
        }

        IModule[] modules = [new SenderModule(), new ReceiverModule(), new BystanderModule()];
        builder.AddModules([.. modules.Where(m => peer is not { Deployable: not Deployable.Monolith } service || m.Name == service.Deployable)]);
        configure?.Invoke(builder.Services);
        QueriesOnEveryEngine.Shared.AddTo(builder.Services);
        var host = new Host(builder.Build()) { Clock = clock };
        if (peer is { } connected)
        {
            host._app.Use(connected.Line.Receive(connected.Deployable));
            host._app.UsePlatform();
            host._app.MapModuleApis();
            host._app.MapMessageTransport();
        }

        foreach (var module in host.Services.GetRequiredService<ModuleRegistry>().Modules)
        {
            await using var scope = host.Services.CreateAsyncScope();
            await CreateTablesAsync((ModuleDbContext)scope.ServiceProvider.GetRequiredService(module.DbContextType));
            foreach (var tables in host.Services.GetServices<IModuleTables>())
            {
                await tables.MakeAsync(module, CancellationToken.None);
            }
        }

        return host;
    }

    public async Task<T> InSenderAsync<T>(Func<SenderDbContext, Task<T>> work) => await InAsync(work);

    public async Task<T> InReceiverAsync<T>(Func<ReceiverDbContext, Task<T>> work) => await InAsync(work);

    /// <summary>One save of one speaker.</summary>
    public Task SpeakAsync(string name, Action<Speaker> speak) => InSenderAsync(async db =>
    {
        var speaker = await db.Set<Speaker>().SingleOrDefaultAsync(s => s.Name == name);
        if (speaker is null)
        {
            speaker = new Speaker { Name = name };
            db.Add(speaker);
        }

        speak(speaker);
        return await db.SaveChangesAsync();
    });

    public async Task<TOutcome> SendAsync<TOutcome>(ICommand<TOutcome> command)
        where TOutcome : IOutcome<TOutcome>
    {
        await using var scope = Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(command);
    }

    /// <summary>What the receiver heard, in the order in which it handled it.</summary>
    public Task<List<Heard>> HeardAsync() => InReceiverAsync(db => db.Set<Heard>().AsNoTracking().OrderBy(h => h.Order).ToListAsync());

    public Task HeardCountAsync(int count) => Eventually.TrueAsync(async () => (await HeardAsync()).Count >= count, $"{count} messages heard");

    public Task<int> OverheardAsync() => InAsync<BystanderDbContext, int>(db => db.Set<Overheard>().CountAsync());

    public Task<List<InboxMessage>> InboxAsync(InboxState state) =>
        InReceiverAsync(db => db.Set<InboxMessage>().AsNoTracking().Where(m => m.State == state).OrderBy(m => m.SequenceVersion).ThenBy(m => m.SequenceOrdinal).ToListAsync());

    public Task<int> OutboxAsync() => InSenderAsync(db => db.Set<OutboxMessage>().CountAsync());

    public bool Processes(string module) => Services.GetRequiredKeyedService<ModuleProcessor>(module).Lease is not null;

    /// <summary>Asks the receiver, wherever it is.</summary>
    public async Task<T> AskAsync<T>(Func<IReceiverApi, Task<T>> question)
    {
        await using var scope = Services.CreateAsyncScope();
        return await question(scope.ServiceProvider.GetRequiredService<IReceiverApi>());
    }

    /// <summary>Makes the monolith or the service the owner of a module's data.</summary>
    public async Task MoveAsync(string module, Owner to)
    {
        var loaded = Services.GetRequiredService<ModuleRegistry>()[module];
        var store = Services.GetRequiredService<OwnershipStore>();
        var before = await store.ReadAsync(loaded, CancellationToken.None);
        (await store.ChangeAsync(loaded, to, before.Epoch, "tester", "to see it move", CancellationToken.None)).Error.ShouldBeNull();
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        QueriesOnEveryEngine.Shared.AllTranslate();
    }

    /// <summary>The modules share a server's database: what EF calls created is all of it, here it is the schema.</summary>
    private static async Task CreateTablesAsync(ModuleDbContext context)
    {
        if (context.Provider is DatabaseProvider.Sqlite)
        {
            await context.Database.EnsureCreatedAsync();
            return;
        }

        try
        {
            await context.Set<LeaseRow>().AnyAsync();
        }
        catch (System.Data.Common.DbException)
        {
            await context.GetService<IRelationalDatabaseCreator>().CreateTablesAsync();
        }
    }

    private Task<T> InAsync<T>(Func<SenderDbContext, Task<T>> work) => InAsync<SenderDbContext, T>(work);

    private Task<T> InAsync<T>(Func<ReceiverDbContext, Task<T>> work) => InAsync<ReceiverDbContext, T>(work);

    private async Task<T> InAsync<TContext, T>(Func<TContext, Task<T>> work)
        where TContext : notnull
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TContext>());
    }
}

/// <summary>Databases of one test, on the engine of this test run.</summary>
public abstract class WithDatabases : IAsyncLifetime
{
    protected TestDatabase Database { get; private set; } = null!;

    public async Task InitializeAsync() => Database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await Database.DisposeAsync();
}
