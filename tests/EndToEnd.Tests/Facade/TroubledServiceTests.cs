using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace EndToEnd.Tests.Facade;

/// <summary>What a client gets when the service that should answer is in trouble.</summary>
public sealed class TroubledServiceTests(SharedRoutedHost host) : IClassFixture<SharedRoutedHost>
{
    public static TheoryData<string, string> Troubles => new()
    {
        { "never answers", "timeout" },
        { "closes the connection", "broken" },
        { "closes in the middle of its answer", "broken" },
        { "says it is unavailable", "unavailable" },
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task A_read_that_the_service_cannot_answer_is_answered_by_the_monolith(string trouble, string reason)
    {
        var shop = host.Shop;
        shop.Service.Answer = Trouble(trouble);
        await shop.RouteAsync($$"""  "Catalog.GetProduct": { "Mode": "Service", "TimeoutSeconds": {{(reason == "timeout" ? 0.5 : 60)}} } """);
        using var response = await shop.GetProductAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.AnsweredBy().ShouldBe("monolith");
        response.Headers.GetValues("X-Fallback").ShouldBe([reason]);
        (await response.Content.ReadAsStringAsync()).ShouldContain(shop.Sku);
    }

    [Fact]
    public async Task A_read_whose_fallback_is_switched_off_is_refused_with_the_time_to_come_back()
    {
        var shop = host.Shop;
        shop.Service.Answer = Trouble("closes the connection");
        await shop.RouteAsync("""  "Catalog.GetProduct": { "Mode": "Service", "Fallback": false } """);
        using var response = await shop.GetProductAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task The_fallbacks_are_no_more_than_the_monolith_is_sized_for()
    {
        await using var shop = await RoutedHost.StartAsync(("Facade:FallbacksPerSecond", "5"));
        shop.Service.Answer = Trouble("closes the connection");
        await shop.RouteAsync("""  "Catalog.GetProduct": "Service" """);
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => shop.GetProductAsync()));
        answers.Count(a => a.StatusCode is HttpStatusCode.OK).ShouldBeInRange(5, 40);
        answers.Where(a => a.StatusCode is not HttpStatusCode.OK).ShouldAllBe(a => a.StatusCode == HttpStatusCode.ServiceUnavailable);
    }

    [Theory]
    [InlineData("closes the connection", 504, "facade.outcome_unknown")]
    [InlineData("says it is not the owner", 503, "facade.moving")]
    public async Task A_write_that_its_owner_does_not_answer_is_done_nowhere_else_and_told_for_what_it_is(string trouble, int status, string code)
    {
        await using var shop = await RoutedHost.StartAsync(("Facade:OwnerWaitSeconds", "1"));
        await shop.RouteAsync("");
        await shop.ChangeOwnerAsync("Catalog");
        await Eventually.TrueAsync(async () => (await shop.CreateProductAsync()).AnsweredBy() == "catalog-service", "writes to go to the owner");
        shop.Service.Answer = Trouble(trouble);
        foreach (var length in Enumerable.Range(0, status == 504 ? 20 : 1).Select(i => i * 1000))
        {
            // The other side may be gone before all of the body has been sent, or after.
            await shop.CreateProductAsync(new string('x', length)).ShouldFailAsync(status, code);
        }

        (await shop.Client.GetAsync(new Uri($"/api/v1/catalog/products/{RoutedHost.NewSku}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_owner_that_takes_itself_for_none_is_asked_now_and_then_and_not_without_end()
    {
        await using var shop = await RoutedHost.StartAsync(("Facade:OwnerWaitSeconds", "1"));
        await shop.RouteAsync("");
        await shop.ChangeOwnerAsync("Catalog");
        await Eventually.TrueAsync(async () => (await shop.CreateProductAsync()).AnsweredBy() == "catalog-service", "writes to go to the owner");
        shop.Service.Answer = http =>
        {
            http.Response.StatusCode = 503;
            http.Response.Headers["X-Shop-Not-Owner"] = http.Request.Headers["X-Shop-Epoch"];
            return Task.CompletedTask;
        };
        shop.Service.Asked.Clear();
        await shop.CreateProductAsync().ShouldFailAsync(503, "facade.moving");
        shop.Service.Asked.Count.ShouldBeInRange(1, 6);
    }

    [Fact]
    public async Task A_body_that_is_too_long_to_be_sent_twice_is_refused_as_not_done_while_the_data_moves()
    {
        await using var shop = await RoutedHost.StartAsync(("Facade:OwnerWaitSeconds", "1"));
        await shop.RouteAsync("");
        await shop.ChangeOwnerAsync("Catalog");
        await Eventually.TrueAsync(async () => (await shop.CreateProductAsync()).AnsweredBy() == "catalog-service", "writes to go to the owner");
        shop.Service.Answer = async http =>
        {
            await http.Request.Body.CopyToAsync(Stream.Null);
            http.Response.StatusCode = 503;
            http.Response.Headers["X-Shop-Not-Owner"] = "99";
        };
        using var products = new StringContent(new string('x', 3 * 1024 * 1024), Encoding.UTF8, "text/csv");
        await shop.Operator.PostAsync(new Uri("/api/v1/catalog/products/import", UriKind.Relative), products).ShouldFailAsync(503, "facade.moving");
    }

    [Fact]
    public async Task What_the_owner_says_of_a_write_is_what_the_client_hears()
    {
        await using var shop = await RoutedHost.StartAsync();
        await shop.RouteAsync("");
        await shop.ChangeOwnerAsync("Catalog");
        await Eventually.TrueAsync(async () => (await shop.CreateProductAsync()).AnsweredBy() == "catalog-service", "writes to go to the owner");
        shop.Service.Answer = http =>
        {
            http.Response.StatusCode = 504;
            return http.Response.WriteAsync("it may have been done");
        };
        using var response = await shop.CreateProductAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
        (await response.Content.ReadAsStringAsync()).ShouldBe("it may have been done");
    }

    [Fact]
    public async Task A_write_whose_owner_is_gone_is_refused_as_not_done()
    {
        await using var shop = await RoutedHost.StartAsync();
        await shop.RouteAsync("");
        await shop.ChangeOwnerAsync("Catalog");
        await Eventually.TrueAsync(async () => (await shop.CreateProductAsync()).AnsweredBy() == "catalog-service", "writes to go to the owner");
        await shop.Service.GoAwayAsync();
        // The first may still find the connection that is breaking, and then nobody knows.
        await Eventually.TrueAsync(async () => (await shop.CreateProductAsync()).StatusCode is HttpStatusCode.ServiceUnavailable, "the refusal");
        await shop.CreateProductAsync().ShouldFailAsync(503, "facade.unavailable");
    }

    [Fact]
    public async Task What_a_service_refuses_is_its_answer_and_not_a_trouble()
    {
        var shop = host.Shop;
        shop.Service.Answer = http =>
        {
            http.Response.StatusCode = 404;
            return http.Response.WriteAsync("not here");
        };
        await shop.RouteAsync("""  "Catalog.GetProduct": "Service" """);
        using var response = await shop.GetProductAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        response.AnsweredBy().ShouldBe("catalog-service");
        (await response.Content.ReadAsStringAsync()).ShouldBe("not here");
    }

    [Fact]
    public async Task Reads_go_on_while_the_service_is_gone_and_return_to_it_by_themselves()
    {
        await using var shop = await RoutedHost.StartAsync();
        await shop.RouteAsync("""  "Catalog.GetProduct": "Service" """);
        (await shop.GetProductAsync()).AnsweredBy().ShouldBe("catalog-service");
        using var stop = new CancellationTokenSource();
        var answers = new ConcurrentQueue<string>();
        var reading = Enumerable.Range(0, 4).Select(_ => ReadAsync(shop, answers, stop.Token)).ToList();
        await shop.Service.GoAwayAsync();
        await Eventually.TrueAsync(() => Task.FromResult(answers.Count(a => a == "200 by monolith") >= 50), "the monolith to step in");
        await shop.Service.RunAsync();
        answers.Clear();
        await Eventually.TrueAsync(() => Task.FromResult(answers.Count(a => a == "200 by catalog-service") >= 50), "the service to answer again");
        await stop.CancelAsync();
        await Task.WhenAll(reading);
    }

    [Fact]
    public async Task Nobody_outside_can_speak_as_a_peer()
    {
        var shop = host.Shop;
        await shop.RouteAsync("""  "Catalog.GetProduct": "Service" """);
        shop.Service.Answer = http => http.Response.WriteAsync("well");
        shop.Service.Asked.Clear();
        using var response = await shop.GetProductAsync(null, ("X-Shop-Epoch", "99"), ("X-Shop-Anything", "1"), ("X-Peer", "Monolith"));
        response.AnsweredBy().ShouldBe("catalog-service");
        var asked = shop.Service.Asked.ShouldHaveSingleItem();
        string.Join(' ', asked.Keys.Where(k => k.StartsWith("X-Shop-", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)).ShouldBe("x-shop-epoch x-shop-max-lag x-shop-owner");
        (asked["X-Shop-Epoch"] != "99").ShouldBeTrue();
        (await shop.Client.GetAsync(new Uri("/internal/messages/Catalog", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task ReadAsync(RoutedHost shop, ConcurrentQueue<string> answers, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using var response = await shop.GetProductAsync();
            response.IsSuccessStatusCode.ShouldBeTrue($"{(int)response.StatusCode} by {response.AnsweredBy()}: {await response.Content.ReadAsStringAsync()}");
            answers.Enqueue($"200 by {response.AnsweredBy()}");
        }
    }

    private static Func<HttpContext, Task> Trouble(string trouble) => trouble switch
    {
        "never answers" => http =>
        {
            var given = new TaskCompletionSource();
            http.RequestAborted.Register(given.SetResult);
            return given.Task;
        },
        "closes the connection" => http =>
        {
            http.Abort();
            return Task.CompletedTask;
        },
        "closes in the middle of its answer" => async http =>
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync("{ \"sku\": ");
            await http.Response.Body.FlushAsync();
            http.Abort();
        },
        "says it is not the owner" => http =>
        {
            http.Response.StatusCode = 503;
            http.Response.Headers["X-Shop-Not-Owner"] = "99";
            return Task.CompletedTask;
        },
        _ => http =>
        {
            http.Response.StatusCode = 503;
            return http.Response.WriteAsync("busy");
        },
    };
}
