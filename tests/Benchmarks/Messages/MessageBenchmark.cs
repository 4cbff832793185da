using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Benchmarks.Messages;

/// <summary>Commit in one module → handled in another, each handler writing a row.</summary>
internal sealed class MessageBenchmark(DatabaseProvider engine, int messages)
{
    private const int PerSource = 10;
    private const int SourcesPerCommit = 10;

    public async Task<(double Burst, double Bare, double P99)> RunAsync()
    {
        await using var database = await TestDatabase.CreateAsync(engine);
        await using var app = await StartAsync(database);
        await BurstAsync(app, messages / 10);
        var burst = await BurstAsync(app, messages);
        var bare = await BareRows.RunAsync(app, messages);
        var p99 = await SteadyAsync(app, perSecond: 200, TimeSpan.FromSeconds(10));
        await app.StopAsync();
        return (burst, bare, p99);
    }

    private static async Task<WebApplication> StartAsync(TestDatabase database)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Benchmark", ContentRootPath = database.Folder });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(database.Settings.ToDictionary(s => s.Key, s => (string?)s.Value, StringComparer.Ordinal));
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddSingleton<Arrivals>();
        builder.AddModules(new ProducerModule(), new ConsumerModule());
        var app = builder.Build();
        foreach (var module in app.Services.GetRequiredService<ModuleRegistry>().Modules)
        {
            await using var scope = app.Services.CreateAsyncScope();
            var context = (ModuleDbContext)scope.ServiceProvider.GetRequiredService(module.DbContextType);
            if (database.ConnectionString is null)
            {
                await context.Database.EnsureCreatedAsync();
                await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL");
            }
            else
            {
                await context.GetService<IRelationalDatabaseCreator>().CreateTablesAsync();
            }

            foreach (var tables in app.Services.GetServices<IModuleTables>())
            {
                await tables.MakeAsync(module, CancellationToken.None);
            }
        }

        await app.StartAsync();
        return app;
    }

    /// <summary>Messages per second from the first commit to the last message handled.</summary>
    private static async Task<double> BurstAsync(WebApplication app, int count)
    {
        var before = await ConsumedAsync(app);
        app.Services.GetRequiredService<Arrivals>().Take();
        var processor = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.StartNew();
        for (var commit = 0; commit < count / (PerSource * SourcesPerCommit); commit++)
        {
            await ProduceAsync(app, SourcesPerCommit, PerSource);
        }

        var published = started.Elapsed;
        await Eventually.TrueAsync(async () => await ConsumedAsync(app) == before + count, $"{count} messages handled", TimeSpan.FromMinutes(10));
        var rate = count / started.Elapsed.TotalSeconds;
        Console.WriteLine($"    {count} messages: published in {published.TotalSeconds:F1} s, handled in {started.Elapsed.TotalSeconds:F1} s, {rate:F0}/s, {(Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / count:F0} µs of processor time of this process each");
        return rate;
    }

    private static async Task<double> SteadyAsync(WebApplication app, int perSecond, TimeSpan duration)
    {
        var arrivals = app.Services.GetRequiredService<Arrivals>();
        arrivals.Take();
        var started = Stopwatch.StartNew();
        var sent = 0;
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (started.Elapsed < duration)
        {
            var due = (int)(started.Elapsed.TotalSeconds * perSecond);
            while (sent < due)
            {
                await ProduceAsync(app, 1, 1);
                sent++;
            }

            await pace.WaitForNextTickAsync();
        }

        var latencies = new List<double>();
        await Eventually.TrueAsync(
            () =>
            {
                latencies.AddRange(arrivals.Take());
                return Task.FromResult(latencies.Count >= sent);
            },
            "every message handled");
        latencies.Sort();
        return latencies[(int)(latencies.Count * 0.99)];
    }

    private static async Task ProduceAsync(WebApplication app, int sources, int each)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ProducerDbContext>();
        for (var s = 0; s < sources; s++)
        {
            var source = new Source();
            source.Produce(each, TimeProvider.System.GetUtcNow());
            db.Add(source);
        }

        await db.SaveChangesAsync();
    }

    private static async Task<int> ConsumedAsync(WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ConsumerDbContext>().Set<Consumed>().CountAsync();
    }
}
