using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Facade;

namespace Modules.Tests.Console;

[Collection(ConsoleCollection.Name)]
public sealed class FiguresTests(ConsoleShop shop)
{
    private static readonly Uri All = new("/api/v1/routes/figures", UriKind.Relative);

    [Fact]
    public async Task Requests_are_counted_by_endpoint_and_side_while_somebody_looks()
    {
        using var operators = shop.Operator();
        await operators.GetAsync(All).ShouldHaveStatusAsync(200);
        var before = await CountsAsync(operators, "Catalog.GetProduct");
        await AskAsync(7, "/api/v1/catalog/products/NO-SUCH");
        await CountedAsync(operators, before with { Monolith = before.Monolith + 7 });

        await SetAsync("Service");
        await AskAsync(5, "/api/v1/catalog/products/NO-SUCH");
        await CountedAsync(operators, before with { Monolith = before.Monolith + 7, Service = before.Service + 5 });

        shop.Service.Answer = http =>
        {
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        };
        await AskAsync(2, "/api/v1/catalog/products/NO-SUCH");
        await CountedAsync(operators, before with { Monolith = before.Monolith + 7, Service = before.Service + 7, ServiceFailed = before.ServiceFailed + 2 });

        // Which the monolith answers in its place.
        shop.Service.Answer = http =>
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        };
        await AskAsync(3, "/api/v1/catalog/products/NO-SUCH");
        await CountedAsync(operators, before with { Monolith = before.Monolith + 10, Service = before.Service + 7, ServiceFailed = before.ServiceFailed + 2, FellBack = before.FellBack + 3 });
        await SetAsync("Monolith");
        shop.Service.Answer = http => http.Response.WriteAsJsonAsync(new { sku = "DOUBLE" });

        var one = await operators.GetAsync(new Uri("/api/v1/routes/Catalog.GetProduct/figures", UriKind.Relative)).ShouldBeAsync(200);
        var service = one["lastMinute"]!["service"]!;
        service["p50Milliseconds"]!.GetValue<double>().ShouldBeInRange(0.01, 60_000);
        service["p99Milliseconds"]!.GetValue<double>().ShouldBeGreaterThanOrEqualTo(service["p50Milliseconds"]!.GetValue<double>());
        await Eventually.TrueAsync(
            async () => (await operators.GetAsync(new Uri("/api/v1/routes/Catalog.GetProduct/figures", UriKind.Relative)).ShouldBeAsync(200))["points"]!.AsArray()
                .Sum(p => p!["service"]?["requests"]?.GetValue<long>() ?? 0) >= 7,
            "the points of a chart");
    }

    [Fact]
    public async Task A_side_that_was_not_asked_has_answered_nothing_and_is_drawn_so()
    {
        using var browser = shop.Looking();
        await Eventually.TrueAsync(
            async () =>
            {
                await AskAsync(1, "/api/v1/catalog/categories");
                return (await ConsoleShop.SeeAsync(browser, "/console/routes/Catalog.ListCategories")).Contains(", service 0 req/s", StringComparison.Ordinal);
            },
            "a chart with both sides");
    }

    [Fact]
    public async Task What_a_page_asks_is_counted_though_it_comes_over_no_connection()
    {
        using var operators = shop.Operator();
        await operators.GetAsync(All).ShouldHaveStatusAsync(200);
        var before = await CountsAsync(operators, "Ordering.ListAllOrders");
        await ConsoleShop.SeeAsync(shop.Looking(), "/console/orders");
        await Eventually.TrueAsync(async () => (await CountsAsync(operators, "Ordering.ListAllOrders")).Monolith == before.Monolith + 1, "the page's own request");
    }

    [Fact]
    public async Task Nothing_is_measured_once_nobody_has_looked_for_a_while()
    {
        using var operators = shop.Operator();
        var figures = shop.Services.GetRequiredService<RouteFigures>();
        await operators.GetAsync(All).ShouldHaveStatusAsync(200);
        figures.IsMeasuring.ShouldBeTrue();
        figures.StopUnlessLookedAt();
        figures.IsMeasuring.ShouldBeTrue("somebody has just looked");

        shop.Clock.Advance(RouteFigures.Patience);
        figures.StopUnlessLookedAt();
        figures.IsMeasuring.ShouldBeFalse();
        await AskAsync(3, "/api/v1/catalog/products/NO-SUCH");
        (await operators.GetAsync(All).ShouldBeAsync(200))["endpoints"]!.AsArray().ShouldBeEmpty("it begins anew with a look");
    }

    [Fact]
    public async Task Figures_are_the_operators()
    {
        await shop.Customer().GetAsync(All).ShouldHaveStatusAsync(403);
        await shop.Anonymous().GetAsync(All).ShouldHaveStatusAsync(401);
        await shop.Operator().GetAsync(new Uri("/api/v1/routes/Catalog.Nothing/figures", UriKind.Relative)).ShouldFailAsync(404, "routes.unknown_endpoint");
    }

    [Fact]
    public async Task An_earlier_revision_can_be_restored_and_one_that_is_not_known_is_refused()
    {
        using var operators = shop.Operator();
        var restore = new Uri("/api/v1/routes/restore", UriKind.Relative);
        var revision = await shop.RevisionAsync();
        await operators.PostAsJsonAsync(restore, new { number = 9999, reason = "a test" }).ShouldFailAsync(404, "routes.unknown_revision");
        await operators.PostAsJsonAsync(restore, new { number = revision, reason = "" }).ShouldFailAsync(400, "request.invalid");
        await operators.PostAsJsonAsync(restore, new { number = revision, reason = "a test", revision = revision - 1 }).ShouldFailAsync(409, "routes.changed_meanwhile");
        await operators.PostAsJsonAsync(new Uri("/api/v1/routes/home", UriKind.Relative), new { reason = "a test", revision = revision - 1 }).ShouldFailAsync(409, "routes.changed_meanwhile");
    }

    private async Task AskAsync(int times, string address)
    {
        using var client = shop.Anonymous();
        for (var i = 0; i < times; i++)
        {
            using var answer = await client.GetAsync(new Uri(address, UriKind.Relative));
        }
    }

    private Task SetAsync(string mode) =>
        shop.Operator().PutAsJsonAsync(new Uri("/api/v1/routes/Catalog.GetProduct", UriKind.Relative), new { mode, reason = "a test" }).ShouldHaveStatusAsync(200);

    /// <summary>A request is counted when it has ended, which is a moment after its client has the answer.</summary>
    private static async Task CountedAsync(HttpClient operators, Counts expected)
    {
        Counts? last = null;
        await Eventually.TrueAsync(async () => (last = await CountsAsync(operators, "Catalog.GetProduct")) == expected, $"{expected}, and not {last}");
    }

    private static async Task<Counts> CountsAsync(HttpClient operators, string endpoint)
    {
        var figures = (await operators.GetAsync(All).ShouldBeAsync(200))["endpoints"]!.AsArray().FirstOrDefault(e => e!["endpoint"]!.GetValue<string>() == endpoint);
        return new Counts(Of("monolith", "requests"), Of("service", "requests"), Of("service", "failed"), figures?["fellBack"]!.GetValue<long>() ?? 0);

        long Of(string side, string what) => figures?[side] is JsonObject counted ? counted[what]!.GetValue<long>() : 0;
    }

    private sealed record Counts(long Monolith, long Service, long ServiceFailed, long FellBack);
}
