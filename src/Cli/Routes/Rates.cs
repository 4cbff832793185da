using System.CommandLine;
using System.Globalization;

namespace ModularShop.Cli.Routes;

internal static class Rates
{
    /// <summary>Long enough for some requests to have been measured where nobody has looked before.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    public static Command Make() => new ShopCommand(
        "rates", "Requests, errors and latencies of each endpoint, the monolith beside the service, as the host that is asked sees them.", "./shop routes rates", "./shop routes rates --json")
        .Does(async (_, shop, cancellationToken) =>
        {
            var first = await shop.GetAsync<RouteRates>($"{ListRoutes.Path}/figures", cancellationToken);
            if (first.At - first.Since < Pause)
            {
                await Task.Delay(Pause, cancellationToken);
            }

            await shop.AskAsync<RouteRates>(
                $"{ListRoutes.Path}/figures",
                figures => shop.Output.Table(
                    ["Endpoint", "Side", "Requests/s", "Errors %", "p50 ms", "p95 ms", "p99 ms"],
                    figures.Endpoints.SelectMany(e => new[] { (Side: "monolith", Figures: e.Monolith), (Side: "service", Figures: e.Service) }
                        .Where(s => s.Figures is { Requests: > 0 })
                        .Select(s => new[]
                        {
                            e.Endpoint, s.Side, Number(s.Figures!.RequestsPerSecond), Number(s.Figures.ErrorPercent), Number(s.Figures.P50Milliseconds), Number(s.Figures.P95Milliseconds),
                            Number(s.Figures.P99Milliseconds),
                        }))),
                cancellationToken);
        });

    private static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    private sealed record RouteRates(DateTimeOffset At, DateTimeOffset Since, IReadOnlyList<EndpointRates> Endpoints);

    private sealed record EndpointRates(string Endpoint, SideRates? Monolith, SideRates? Service);

    private sealed record SideRates(double RequestsPerSecond, long Requests, double ErrorPercent, double P50Milliseconds, double P95Milliseconds, double P99Milliseconds);
}
