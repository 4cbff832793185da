using System.Diagnostics;
using System.Globalization;

namespace Benchmarks.Facade;

/// <summary>What the facade costs, each figure beside that of the same work without it, in turns.</summary>
internal static class FacadeBenchmark
{
    private const int Rounds = 7;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    public static Table Table() => new(
        "Facade",
        "An endpoint that costs next to nothing, so that what is around it shows; 32 connections in clear text, the load comes from the same machine, medians of rounds in turns. To the service: HTTP/2, nginx HTTP/1.1. CPU is the measured process's, per request.",
        ["what", "compared with", "facade", "other", "requests/s to other", "facade CPU", "other CPU", "CPU more"]);

    public static Table MemoryTable() => new(
        "Memory of the facade", "The host's working set after so many proxied requests.", ["requests", "working set"]);

    public static async IAsyncEnumerable<string[]> RunAsync()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        var http2 = $"--{FacadePrograms.Http2Port}={HostProcess.FreePort()}";
        await using var service = await StartAsync(database, FacadePrograms.Service, http2);
        await using var with = await StartShopAsync(database, http2, "Monolith");
        await using (var without = await StartAsync(database, FacadePrograms.ShopWithout, Unlimited))
        {
            yield return await CompareAsync("local read", "the same host without it", with, new ProgramServer(without));
        }

        await using (var shadowed = await StartShopAsync(database, http2, "Shadow"))
        {
            yield return await CompareAsync("local read, shadowed", "the facade without shadow", shadowed, with);
        }

        await using var proxying = await StartShopAsync(database, http2, "Service");
        await using (var yarp = await StartAsync(database, FacadePrograms.Yarp, http2))
        {
            yield return await CompareAsync("proxied read", "plain YARP", proxying, new ProgramServer(yarp));
        }

        if (Nginx.Missing is { } missing)
        {
            Console.WriteLine($"    {missing}");
            yield break;
        }

        await using var nginx = await Nginx.StartAsync(service.Address);
        yield return await CompareAsync("proxied read, again", "nginx proxy_pass", proxying, nginx);
    }

    public static async IAsyncEnumerable<string[]> RunMemoryAsync(int requests)
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        var http2 = $"--{FacadePrograms.Http2Port}={HostProcess.FreePort()}";
        await using var service = await StartAsync(database, FacadePrograms.Service, http2);
        await using var shop = await StartShopAsync(database, http2, "Service");
        var (done, load) = (0, new Load(shop, _ => AnswersModule.Path));
        foreach (var part in new[] { requests / 100, requests / 10, requests / 2, requests })
        {
            await load.RunAsync(part - done);
            done = part;
            using var process = Process.GetProcessById(shop.Process.Id);
            yield return [Text($"{done:N0}"), Text($"{process.WorkingSet64 / 1e6:F0} MB")];
        }
    }

    private static string[] Unlimited => ["--RateLimits:RequestsPerSecond=1000000"];

    private static async Task<Shop> StartShopAsync(TestDatabase database, string http2, string mode)
    {
        var routing = Path.Combine(Directory.CreateTempSubdirectory("benchmark-facade-").FullName, "routing.json");
        await File.WriteAllTextAsync(routing, $$"""
            { "Facade": { "Services": { "Answers": { "Destinations": [ "http://127.0.0.1:{{http2.Split('=')[1]}}" ] } }, "Endpoints": { "Answers.Get": "{{mode}}" } } }
            """);
        var shop = new Shop(await StartAsync(
            database, FacadePrograms.ShopWithFacade,
            [.. Unlimited, "--Peers:PlainHttp=true", $"--Facade:RoutingFile={routing}", $"--Facade:HistoryFile={routing}.history"]), Path.GetDirectoryName(routing)!);
        var side = mode == "Service" ? "answers-service" : "monolith";
        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await shop.Client.GetAsync(new Uri(AnswersModule.Path, UriKind.Relative));
                return response.IsSuccessStatusCode && response.Headers.GetValues("X-Answered-By").Single().StartsWith(side, StringComparison.Ordinal);
            },
            $"the {side} to answer");
        return shop;
    }

    private static async Task<HostProcess> StartAsync(TestDatabase database, string program, params string[] settings)
    {
        var process = HostProcess.StartProgram("tests/Benchmarks", database, "Benchmark", [program, .. settings]);
        await process.ReadyAsync();
        return process;
    }

    private static async Task<string[]> CompareAsync(string what, string with, IServer facade, IServer other)
    {
        var loads = new[] { new Load(facade, _ => AnswersModule.Path), new Load(other, _ => AnswersModule.Path) };
        var figures = new[] { new List<Figures>(), new List<Figures>() };
        for (var round = -1; round < Rounds; round++)
        {
            for (var i = 0; i < loads.Length; i++)
            {
                // Whoever comes second has the warmer machine: they take turns.
                var server = (i + round + 1) % 2;
                var figure = await loads[server].RunAsync(round < 0 ? WarmUp : Round);
                if (round >= 0)
                {
                    figures[server].Add(figure);
                }
            }
        }

        var (f, o) = (Figures.Median(figures[0]), Figures.Median(figures[1]));
        var ratio = figures[0].Zip(figures[1], (a, b) => a.PerSecond / b.PerSecond).Median();
        var more = figures[0].Zip(figures[1], (a, b) => a.Cost - b.Cost).Median();
        return [what, with, Text($"{f.PerSecond:N0}/s"), Text($"{o.PerSecond:N0}/s"), Text($"{ratio:F2}"), Text($"{f.Cost:F1} µs"), Text($"{o.Cost:F1} µs"), Text($"{more:F1} µs")];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>A shop with the facade, and the folder of its routing.</summary>
    private sealed class Shop(HostProcess process, string folder) : IServer, IAsyncDisposable
    {
        public HostProcess Process => process;

        public HttpClient Client => process.Client;

        public TimeSpan ProcessorTime => Data.Processor.Time(process.Id);

        public async ValueTask DisposeAsync()
        {
            await process.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
