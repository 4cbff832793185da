using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModularShop.Facade;
using ModularShop.Modularity.Modules;

namespace Modules.Tests.Facade;

/// <summary>Two hosts' stores on the database of this test run; each test has the table of another module to itself.</summary>
[Collection(Shop.Name)]
public sealed class DatabaseRoutingStoreTests(ShopFixture shop) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("modularshop-routing-");
    private readonly CancellationTokenSource _end = new();
    private readonly Lines _log = new();

    private string RoutingFile => Path.Combine(_folder.FullName, "routing.json");

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Of_many_who_add_the_same_revision_one_is_in_time()
    {
        var stores = new[] { Store("Catalog"), Store("Catalog") };
        (await stores[0].NewestAsync(CancellationToken.None)).ShouldBeNull();
        for (var number = 1; number <= 5; number++)
        {
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => AppendAsync(stores[i % 2], Revision(number, $"{i}"))));
            outcomes.Count(o => o is null).ShouldBe(1);
            outcomes.OfType<string>().ShouldAllBe(o => o.Contains($"revision {number} ", StringComparison.Ordinal));
        }

        var history = await stores[1].HistoryAsync(3, CancellationToken.None);
        history.Select(r => r.Number).ShouldBe([5, 4, 3]);
        history[0].ShouldBe(Revision(5, history[0].Text));
    }

    [Fact]
    public async Task What_another_host_adds_is_told_here()
    {
        var (here, elsewhere) = (Store("Ordering"), Store("Ordering"));
        var told = Watch(here);
        for (var number = 1; number <= 3; number++)
        {
            var revision = Revision(number, $"of {number}");
            await elsewhere.AppendAsync(revision, isInFile: false, CancellationToken.None);
            await Eventually.TrueAsync(() => Task.FromResult(told.LastOrDefault()?.Kept == revision), $"revision {number}");
        }

        told.Count.ShouldBe(3, "each of them once");
    }

    [Fact]
    public async Task The_routing_file_is_the_first_revision_and_afterwards_nothing_but_a_warning()
    {
        await File.WriteAllTextAsync(RoutingFile, "first");
        var (here, elsewhere) = (Store("Payments"), Store("Payments"));
        var told = Watch(here, async written =>
        {
            if (written.Text is { } text)
            {
                await here.AppendAsync(Revision(1, text), isInFile: true, CancellationToken.None);
            }
        });
        await Eventually.TrueAsync(async () => (await elsewhere.NewestAsync(CancellationToken.None))?.Text == "first", "the file to be the first revision");
        _log.ShouldBeEmpty();

        await File.WriteAllTextAsync(RoutingFile, "second");
        await Eventually.TrueAsync(() => Task.FromResult(!_log.IsEmpty), "the warning");
        _log.ShouldHaveSingleItem().ShouldContain($"{RoutingFile} says what no revision of the routing has ever said, and is not read");
        (await elsewhere.NewestAsync(CancellationToken.None))!.Text.ShouldBe("first");
        told.Count(t => t.Text is not null).ShouldBe(1);
    }

    [Fact]
    public async Task A_host_that_was_slower_with_its_file_takes_the_other_ones()
    {
        await File.WriteAllTextAsync(RoutingFile, "of the slow host");
        var (slow, fast) = (Store("Shipping"), Store("Shipping"));
        var told = Watch(slow, async written =>
        {
            if (written.Text is { } text)
            {
                await fast.AppendAsync(Revision(1, "of the fast host"), isInFile: false, CancellationToken.None);
                await slow.AppendAsync(Revision(1, text), isInFile: true, CancellationToken.None);
            }
        });
        await Eventually.TrueAsync(() => Task.FromResult(told.LastOrDefault()?.Kept?.Text == "of the fast host"), "the fast host's revision");
    }

    private static RoutingRevision Revision(long number, string text) => new(number, text, DateTimeOffset.UnixEpoch, "ann", "a test");

    private static async Task<string?> AppendAsync(DatabaseRoutingStore store, RoutingRevision revision)
    {
        try
        {
            await store.AppendAsync(revision, isInFile: false, CancellationToken.None);
            return null;
        }
        catch (RoutingConflictException e)
        {
            return e.Message;
        }
    }

    private DatabaseRoutingStore Store(string module) =>
        new(shop.Services.GetRequiredService<ModuleRegistry>()[module], RoutingFile, shop.Services.GetRequiredService<IServiceScopeFactory>(), _log);

    private ConcurrentQueue<RoutingText> Watch(DatabaseRoutingStore store, Func<RoutingText, Task>? changed = null)
    {
        var told = new ConcurrentQueue<RoutingText>();
        _ = store.WatchAsync(
            written =>
            {
                told.Enqueue(written);
                return changed?.Invoke(written) ?? Task.CompletedTask;
            },
            _end.Token);
        return told;
    }

    private sealed class Lines : ConcurrentQueue<string>, ILogger<DatabaseRoutingStore>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Enqueue(formatter(state, exception));
    }
}
