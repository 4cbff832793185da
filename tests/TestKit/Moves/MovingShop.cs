using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using ModularShop.Catalog.Infrastructure;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;
using Shouldly;

namespace ModularShop.TestKit;

/// <summary>The host and Catalog's service with an empty database of its own, to which the tables can be moved.</summary>
internal sealed class MovingShop : IAsyncDisposable
{
    private static readonly Uri Catalog = new("/api/v1/moves/catalog", UriKind.Relative);

    private readonly TestDatabase _source;
    private readonly TestDatabase _target;

    private MovingShop(TestDatabase source, TestDatabase target) => (_source, _target) = (source, target);

    public Deployment Deployment { get; private set; } = null!;

    public HttpClient Operator { get; private set; } = null!;

    /// <summary>The host's.</summary>
    public string DataFolder => _source.Folder;

    public static async Task<MovingShop> StartAsync(DatabaseProvider engine)
    {
        var shop = new MovingShop(await TestDatabase.FilledAsync(engine), await TestDatabase.CreateAsync(engine));
        (string, string)[] common = [("RateLimits:RequestsPerSecond", "100000"), ("RateLimits:CredentialsPerMinute", "100000")];
        var target = shop._target.Settings.Where(s => s.Key.StartsWith("Database:", StringComparison.Ordinal));
        shop.Deployment = new Deployment(
            shop._source, ["Catalog"], d => d == Deployable.Monolith
                ? [.. common, .. target.Select(s => ($"MoveTables:Targets:Catalog:{s.Key["Database:".Length..]}", s.Value))]
                : [.. common, .. target, ("Service:Data", "Own")]);
        try
        {
            shop.Deployment.Route();
            await Task.WhenAll(shop.Deployment.Start(Deployable.Monolith).ReadyAsync(), shop.Deployment.Start("Catalog").ReadyAsync());
            shop.Operator = await shop.Deployment.Host.LogInOperatorAsync();
            return shop;
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    public Task CreateAsync() => Operator.PostAsync(Catalog, null).ShouldBeAsync(200);

    public Task<JsonNode> StatusAsync() => Operator.GetAsync(Catalog).ShouldBeAsync(200);

    public Task<JsonNode> ComesToAsync(string state) => BecomesAsync(m => m["state"]!.GetValue<string>() == state, $"the move to be {state}");

    /// <summary>Compares all rows, which must be equal.</summary>
    public async Task VerifyAsync()
    {
        var before = (await StatusAsync())["vDiff"]?["endedAt"]?.ToString();
        await CommandAsync("vdiff");
        var report = (await BecomesAsync(m => m["vDiff"]?["endedAt"]?.ToString() is { } ended && ended != before, "the comparison to end"))["vDiff"]!;
        report["isClean"]!.GetValue<bool>().ShouldBeTrue(report.ToJsonString());
    }

    /// <summary>Clients that write what they alone write, each to a product of its own, and read it back.</summary>
    /// <param name="readEvery">Every how manyth write is read back at once; in the end all are.</param>
    public async Task<Ledgers> OpenLedgersAsync(int clients, int readEvery = 1)
    {
        var listed = await Operator.GetAsync(new Uri($"/api/v1/catalog/products?size={clients}", UriKind.Relative)).ShouldBeAsync(200);
        return new Ledgers(Operator, listed["items"]!.AsArray().Select(p => p!["sku"]!.GetValue<string>()), readEvery);
    }

    /// <summary>From the beginning to where writes can be switched.</summary>
    public async Task MakeReadyAsync()
    {
        await CreateAsync();
        await ComesToAsync("running");
        await VerifyAsync();
        await CommandAsync("switch-reads");
    }

    /// <summary>The whole way: the data is the service's alone.</summary>
    public async Task CompleteAsync()
    {
        await MakeReadyAsync();
        await CommandAsync("switch-writes");
        await VerifyAsync();
        await CommandAsync("complete");
        await ComesToAsync("completed");
    }

    public async Task CommandAsync(string command)
    {
        var outcome = await Operator.PostAsJsonAsync(new Uri($"{Catalog}/commands", UriKind.Relative), new { command }).ShouldBeAsync(200);
        outcome["done"]!.GetValue<bool>().ShouldBeTrue(outcome.ToJsonString());
    }

    public async Task<IReadOnlyList<JsonNode>> HistoryAsync() => [.. (await Operator.GetAsync(new Uri($"{Catalog}/history", UriKind.Relative)).ShouldBeAsync(200)).AsArray().Select(e => e!)];

    /// <summary>The host's tables of Catalog lack something that its program knows: as for a newer version.</summary>
    public async Task ForgetMigrationAsync()
    {
        await using var catalog = _source.Open<CatalogDbContext>();
        var last = (await catalog.Database.GetAppliedMigrationsAsync()).Last();
        (await catalog.Database.ExecuteSqlRawAsync(catalog.GetService<IHistoryRepository>().GetDeleteScript(last))).ShouldBe(1);
    }

    public async ValueTask DisposeAsync()
    {
        Operator?.Dispose();
        await Deployment.DisposeAsync();
        await _target.DisposeAsync();
        await _source.DisposeAsync();
    }

    private async Task<JsonNode> BecomesAsync(Func<JsonNode, bool> condition, string what)
    {
        JsonNode? last = null;
        try
        {
            await Eventually.TrueAsync(async () => condition(last = await StatusAsync()), what, TimeSpan.FromSeconds(60));
        }
        catch (ShouldAssertException e)
        {
            throw new ShouldAssertException($"{e.Message}; it is {last?.ToJsonString()}", e);
        }

        return last!;
    }
}
