using System.Diagnostics;
using System.Globalization;

namespace Benchmarks.Facade;

/// <summary>What the facade costs, each figure beside that of the same work without it, in turns.</summary>
internal static class FacadeBenchmark
{
    private const int Rounds = 11;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    public static Table Table() => new(
        "Facade",
        """
        An endpoint that costs next to nothing, so that what is around it shows; 32 connections of HTTP/1.1, the load comes from the same machine, medians of rounds in turns. To the service: HTTP/2, nginx HTTP/1.1.
        TLS is on both hops, to the service mutual. CPU is the measured process's, per request. Whether the service was asked by those requests that are passed on, and by no others, is counted there. In the mode Shadow it is
        asked by as many copies as its concurrency allows, and the others are dropped: the share is in brackets.
        """,
        ["what", "compared with", "facade", "other", "requests/s to other", "facade CPU", "other CPU", "CPU more"],
        IsByEngine: false);

    public static Table MemoryTable() => new(
        "Memory of the facade", "The host's working set after so many proxied requests.", ["requests", "working set"], IsByEngine: false);

    public static async IAsyncEnumerable<string[]> RunAsync()
    {
        using var certificates = await Certificates.MakeAsync();
        await using var service = await AnsweringService.StartAsync(certificates);
        await using var with = await FacadeServer.StartShopAsync("Monolith", service.Http2);
        await using (var without = await FacadeServer.StartShopWithoutFacadeAsync())
        {
            yield return (await ComparisonAsync(with, without, service)).Asked(0).Row("local read", "the same host without it");
        }

        await using (var shadowed = await FacadeServer.StartShopAsync("Shadow", service.Http2))
        {
            var comparison = await ComparisonAsync(shadowed, with, service);
            yield return comparison.Row("local read, shadowed", Text($"the facade without shadow ({comparison.CopiesAsked:P0} of the copies)"));
        }

        foreach (var tls in new[] { null, certificates })
        {
            var what = tls is null ? "proxied read" : "proxied read, TLS";
            await using var proxying = await FacadeServer.StartShopAsync("Service", tls is null ? service.Http2 : service.Tls, tls);
            foreach (var (program, other) in new[] { (FacadePrograms.ShopWithYarp, "the same host with plain YARP"), (FacadePrograms.Yarp, "plain YARP alone") })
            {
                await using var yarp = await FacadeServer.StartYarpAsync(program, tls is null ? service.Http2 : service.Tls, tls);
                yield return (await ComparisonAsync(proxying, yarp, service)).Asked(1).Row(what, other);
            }

            if (Nginx.Missing is { } missing)
            {
                Console.WriteLine($"    {missing}");
                continue;
            }

            await using var nginx = await Nginx.StartAsync(tls is null ? service.Http1 : service.Tls, tls);
            yield return (await ComparisonAsync(proxying, nginx, service)).Asked(1).Row(what, "nginx proxy_pass");
        }
    }

    public static async IAsyncEnumerable<string[]> RunMemoryAsync(int requests)
    {
        using var certificates = await Certificates.MakeAsync();
        await using var service = await AnsweringService.StartAsync(certificates);
        await using var shop = await FacadeServer.StartShopAsync("Service", service.Http2);
        var (done, load) = (0, new Load(shop, _ => AnswersModule.Path));
        foreach (var part in new[] { requests / 100, requests / 10, requests / 2, requests })
        {
            await load.RunAsync(part - done);
            done = part;
            using var process = Process.GetProcessById(shop.Process.Id);
            yield return [Text($"{done:N0}"), Text($"{process.WorkingSet64 / 1e6:F0} MB")];
        }
    }

    private static async Task<Comparison> ComparisonAsync(IServer facade, IServer other, AnsweringService service)
    {
        var asked = await service.AnsweredAsync();
        var loads = new[] { new Load(facade, _ => AnswersModule.Path), new Load(other, _ => AnswersModule.Path) };
        var figures = new[] { new List<Figures>(), new List<Figures>() };
        var requests = new int[loads.Length];
        for (var round = -1; round < Rounds; round++)
        {
            for (var i = 0; i < loads.Length; i++)
            {
                // Whoever comes second has the warmer machine: they take turns.
                var server = (i + round + 1) % 2;
                var figure = await loads[server].RunAsync(round < 0 ? WarmUp : Round);
                requests[server] += figure.Requests;
                if (round >= 0)
                {
                    figures[server].Add(figure);
                }
            }
        }

        return new Comparison(figures[0], figures[1], requests[0], requests[1], await service.AnsweredAsync() - asked);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <param name="AtService">What the service has answered meanwhile.</param>
    private sealed record Comparison(IReadOnlyList<Figures> Facade, IReadOnlyList<Figures> Other, int FacadeRequests, int OtherRequests, long AtService)
    {
        public double CopiesAsked => (double)AtService / FacadeRequests;

        /// <summary>Every request of both went to the service so many times, or else something else was measured than is said.</summary>
        public Comparison Asked(int times) => AtService == times * (FacadeRequests + OtherRequests)
            ? this
            : throw new InvalidOperationException($"The service answered {AtService} times, of {FacadeRequests} requests to the facade and {OtherRequests} to the other.");

        public string[] Row(string what, string with)
        {
            var (f, o) = (Figures.Median(Facade), Figures.Median(Other));
            var ratio = Facade.Zip(Other, (a, b) => a.PerSecond / b.PerSecond).Median();
            var more = Facade.Zip(Other, (a, b) => a.Cost - b.Cost).Median();
            return [what, with, Text($"{f.PerSecond:N0}/s"), Text($"{o.PerSecond:N0}/s"), Text($"{ratio:F2}"), Text($"{f.Cost:F1} µs"), Text($"{o.Cost:F1} µs"), Text($"{more:F1} µs")];
        }
    }
}
