using System.Diagnostics;
using System.Net.Http.Json;

namespace Browser.Tests;

/// <remarks>How old what an open page shows is while the shop is busy.</remarks>
public sealed partial class ConsoleTests
{
    private const int Flips = 8;

    private const int RequestsPerSecond = 500;

    [BrowserFact]
    public async Task A_flip_is_seen_on_the_open_page_of_routes_within_two_seconds_though_500_requests_a_second_go_through()
    {
        await using var visitor = await shop.LookAsync(browsers, "/console/routes");
        using var operators = await shop.Deployment.Host.LogInOperatorAsync();
        await using var load = shop.Ask("/api/v1/shipping/rates?country=DE&weightGrams=500", RequestsPerSecond);
        var row = visitor.Page.Locator("[id='r-Shipping.GetRates']");
        await Eventually.TrueAsync(() => Task.FromResult(load.Answered > RequestsPerSecond), "requests to go through");

        var seen = new List<TimeSpan>();
        for (var flip = 0; flip < Flips; flip++)
        {
            var mode = flip % 2 == 0 ? "Service" : "Monolith";
            var flipped = Stopwatch.GetTimestamp();
            await operators.PutAsJsonAsync("/api/v1/routes/Shipping.GetRates", new { mode, reason = "how soon is it seen?" }).ShouldHaveStatusAsync(200);
            await row.GetByText(mode, new() { Exact = true }).WaitForAsync();
            seen.Add(Stopwatch.GetElapsedTime(flipped));
        }

        seen.Sort();
        output.WriteLine($"{Flips} flips at {load.PerSecond:F0} requests/s: seen after {seen[Flips / 2].TotalMilliseconds:F0} ms (p50), {seen[^1].TotalMilliseconds:F0} ms at most");
        seen[Flips / 2].ShouldBeLessThan(TimeSpan.FromSeconds(2));
        load.PerSecond.ShouldBeGreaterThan(50, "without traffic it would say nothing");
    }
}
