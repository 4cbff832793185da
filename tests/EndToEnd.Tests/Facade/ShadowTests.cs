using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace EndToEnd.Tests.Facade;

/// <summary>The monolith answers, and the double's answers are compared with its own.</summary>
public sealed class ShadowTests(SharedRoutedHost host) : IClassFixture<SharedRoutedHost>
{
    private const string Shadowed = """  "Catalog.GetProduct": { "Mode": "Shadow", "TimeoutSeconds": 60 } """;

    private RoutedHost Shop => host.Shop;

    [Fact]
    public async Task A_service_that_says_the_same_is_equal_by_a_hundred_percent()
    {
        var product = await ShadowAsync();
        Shop.Service.Answer = http => AnswerAsync(http, product, backwards: true);
        for (var i = 0; i < 10; i++)
        {
            using var response = await Shop.GetProductAsync(null, ("X-Shop-Shadow", "forged"), ("X-Asked", $"{i}"));
            response.AnsweredBy().ShouldBe("monolith");
            (await response.Content.ReadAsStringAsync()).ShouldBe(product.Body);
        }

        var figures = await Shop.ShadowAsync(f => Count(f, "compared") == 10, "10 answers to be compared");
        figures["percentEqual"]!.GetValue<double>().ShouldBe(100, figures.ToJsonString());
        Count(figures, "equal").ShouldBe(10);
        Count(figures, "settled").ShouldBe(0);
        figures["samples"]!.AsArray().ShouldBeEmpty();
        var copies = Shop.Service.Asked.Where(a => a.ContainsKey("X-Asked")).ToList();
        copies.Count.ShouldBe(10);
        copies.ShouldAllBe(c => c["X-Shop-Shadow"] == "1");
    }

    [Fact]
    public async Task A_price_that_differs_and_a_field_that_is_missing_are_named_by_their_paths()
    {
        var product = await ShadowAsync();
        Shop.Service.Answer = http => AnswerAsync(http, product, change: body =>
        {
            body["price"]!["amount"] = 1;
            body["name"] = "Another";
            body.Remove("brand");
        });
        using var response = await Shop.Client.GetAsync(new Uri($"/api/v1/catalog/products/{Shop.Sku}?email=ann%40example.org", UriKind.Relative));
        (await response.Content.ReadAsStringAsync()).ShouldBe(product.Body);

        var figures = await Shop.ShadowAsync(f => Count(f, "different") == 1, "the difference to be seen");
        figures["percentEqual"]!.GetValue<double>().ShouldBe(0);
        var sample = figures["samples"]!.AsArray().ShouldHaveSingleItem()!;
        sample["request"]!.GetValue<string>().ShouldBe($"GET /api/v1/catalog/products/{Shop.Sku}?email=•••");
        sample["traceId"]!.GetValue<string>().Length.ShouldBe(32);
        var differences = sample["differences"]!.AsArray().ToDictionary(d => d!["path"]!.GetValue<string>(), d => (d!["monolith"]?.GetValue<string>(), d["service"]?.GetValue<string>()), StringComparer.Ordinal);
        differences.Keys.ShouldBe(["price.amount", "name", "brand"], ignoreOrder: true);
        differences["price.amount"].ShouldBe((product.Json["price"]!["amount"]!.ToJsonString(), "1"));
        differences["name"].ShouldBe(("•••(differs)", "•••(differs)"));
        differences["brand"].Item2.ShouldBeNull();
        sample["serviceBody"]!.GetValue<string>().ShouldNotContain("Another");
        Shop.Service.Asked.Count.ShouldBe(2, "a difference is looked at twice");
    }

    [Fact]
    public async Task A_field_that_is_ignored_may_differ()
    {
        var product = await ShadowAsync("""  "Catalog.GetProduct": { "Mode": "Shadow", "IgnoredFields": [ "price.*" ] } """);
        Shop.Service.Answer = http => AnswerAsync(http, product, change: body => body["price"]!["amount"] = 1);
        (await Shop.GetProductAsync()).Dispose();
        Count(await Shop.ShadowAsync(f => Count(f, "compared") == 1, "the answers to be compared"), "equal").ShouldBe(1);
    }

    [Fact]
    public async Task Data_that_changes_between_the_two_answers_is_no_difference()
    {
        await ShadowAsync();
        var price = Random.Shared.Next(1, 1_000_000);
        Shop.Service.Answer = async http =>
        {
            if (http.Request.Headers.ContainsKey("X-Nested"))
            {
                http.Response.StatusCode = 503;
                return;
            }

            await Shop.Operator.PutAsJsonAsync($"/api/v1/catalog/products/{Shop.Sku}/price", new { price = new { amount = price, currency = "EUR" } }).ShouldHaveStatusAsync(204);
            await AnswerAsync(http, await ProductAsync());
        };
        (await Shop.GetProductAsync()).Dispose();
        var figures = await Shop.ShadowAsync(f => Count(f, "compared") == 1, "the answers to be compared");
        Count(figures, "settled").ShouldBe(1, figures.ToJsonString());
        Count(figures, "equal").ShouldBe(1);
        figures["samples"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_service_that_never_answers_holds_nobody_up_and_is_counted()
    {
        var product = await ShadowAsync("""  "Catalog.GetProduct": { "Mode": "Shadow", "TimeoutSeconds": 1 } """);
        var never = new TaskCompletionSource();
        Shop.Service.Answer = http => never.Task.WaitAsync(http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        for (var i = 0; i < 8; i++)
        {
            using var response = await Shop.GetProductAsync();
            (await response.Content.ReadAsStringAsync()).ShouldBe(product.Body);
        }

        // All the clients have their answers while the service has given none.
        never.Task.IsCompleted.ShouldBeFalse();
        var figures = await Shop.ShadowAsync(f => Count(f, "timedOut") == 8, "the copies to time out");
        Count(figures, "compared").ShouldBe(0);
        figures["percentEqual"].ShouldBeNull();
    }

    [Theory]
    [InlineData("closes the connection", "serviceErrors", "")]
    [InlineData("is unavailable", "serviceErrors", "")]
    [InlineData("fails", "different", "status,header Content-Type,header ETag,body")]
    [InlineData("answers garbage", "different", "header Content-Type,header ETag,body")]
    [InlineData("answers without end", "tooLarge", "")]
    public async Task What_a_troubled_service_does_is_counted_and_no_client_notices(string trouble, string counter, string differences)
    {
        var product = await ShadowAsync();
        Shop.Service.Answer = Trouble(trouble);
        using var response = await Shop.GetProductAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).ShouldBe(product.Body);
        var figures = await Shop.ShadowAsync(f => Count(f, counter) == 1, $"the {counter} to be counted");
        figures["samples"]!.AsArray().SelectMany(s => s!["differences"]!.AsArray()).Select(d => d!["path"]!.GetValue<string>())
            .ShouldBe(differences.Split(',', StringSplitOptions.RemoveEmptyEntries));
        figures["samples"]!.ToJsonString().ShouldNotContain("Ann Lee");
    }

    [Fact]
    public async Task An_error_of_the_monolith_is_compared_too()
    {
        await ShadowAsync();
        Shop.Service.Answer = async http =>
        {
            http.Response.StatusCode = 404;
            var problem = new { type = "https://modularshop.example/errors/none", status = 404, traceId = "another" };
            await http.Response.WriteAsJsonAsync(problem, options: null, contentType: "application/problem+json");
        };
        await Shop.Client.GetAsync(new Uri("/api/v1/catalog/products/NO-SUCH-SKU", UriKind.Relative)).ShouldHaveStatusAsync(404);
        var figures = await Shop.ShadowAsync(f => Count(f, "different") == 1, "the difference to be seen");
        var paths = figures["samples"]![0]!["differences"]!.AsArray().Select(d => d!["path"]!.GetValue<string>()).ToList();
        paths.Contains("code", StringComparer.Ordinal).ShouldBeTrue();
        paths.Contains("traceId", StringComparer.Ordinal).ShouldBeFalse();
    }

    [Fact]
    public async Task What_changes_data_cannot_be_shadowed()
    {
        var refused = await Shop.SetRouteAsync("Catalog.ChangePrice", new { mode = "Shadow", reason = "try it" });
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("changes data");
    }

    [Fact]
    public async Task Copies_wait_in_bounds_and_what_is_more_is_dropped_and_counted()
    {
        await using var shop = await RoutedHost.StartAsync(("Facade:Shadow:QueueLength", "3"), ("Facade:Shadow:Concurrency", "2"), ("Facade:Shadow:LongestBody", "10000"));
        await shop.RouteAsync("""  "Catalog.GetProduct": { "Mode": "Shadow", "TimeoutSeconds": 60 }, "Catalog.ListProducts": "Shadow" """);
        var released = new TaskCompletionSource();
        var (asked, most) = (0, 0);
        shop.Service.Answer = async http =>
        {
            most = Math.Max(most, Interlocked.Increment(ref asked));
            await released.Task;
            Interlocked.Decrement(ref asked);
            http.Response.StatusCode = 503;
        };
        // Two are asked; of those that come then three wait.
        await ReadAsync(2);
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref asked) == 2), "two to be asked");
        await ReadAsync(18);
        Count(await shop.ShadowAsync(f => Count(f, "dropped") >= 15, "copies to be dropped"), "dropped").ShouldBe(15);
        released.SetResult();
        await shop.ShadowAsync(f => Count(f, "serviceErrors") == 5, "those that waited to be asked");
        most.ShouldBeLessThanOrEqualTo(2);

        // Longer than is compared: the client has it whole, the service is not asked.
        var products = await shop.Client.GetAsync(new Uri("/api/v1/catalog/products?size=100", UriKind.Relative)).ShouldBeAsync(200);
        products.ToJsonString().Length.ShouldBeGreaterThan(10_000);
        await shop.ShadowAsync(f => Count(f, "tooLarge") == 1, "the long answer to be counted", "Catalog.ListProducts");

        async Task ReadAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                using var response = await shop.GetProductAsync();
                response.StatusCode.ShouldBe(HttpStatusCode.OK);
            }
        }
    }

    private static long Count(JsonNode figures, string counter) => figures[counter]!.GetValue<long>();

    /// <summary>Begins anew; returns what the monolith says.</summary>
    private async Task<Product> ShadowAsync(string endpoints = Shadowed)
    {
        await Shop.RouteAsync($"  \"Catalog.GetProduct\": \"Monolith\"");
        var product = await ProductAsync();
        await Shop.RouteAsync(endpoints);
        Shop.Service.Asked.Clear();
        return product;
    }

    private async Task<Product> ProductAsync()
    {
        using var response = await Shop.GetProductAsync(null, ("X-Nested", "1"));
        return new Product(await response.Content.ReadAsStringAsync(), response.Headers.ETag!.ToString());
    }

    private static Task AnswerAsync(HttpContext http, Product product, bool backwards = false, Action<JsonObject>? change = null)
    {
        var body = product.Json;
        change?.Invoke(body);
        var members = body.Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone()));
        http.Response.Headers.ETag = product.ETag;
        return http.Response.WriteAsJsonAsync(new JsonObject(backwards ? members.Reverse() : members));
    }

    private static Func<HttpContext, Task> Trouble(string trouble) => trouble switch
    {
        "closes the connection" => http =>
        {
            http.Abort();
            return Task.CompletedTask;
        },
        "is unavailable" => http =>
        {
            http.Response.StatusCode = 503;
            return Task.CompletedTask;
        },
        "fails" => http =>
        {
            http.Response.StatusCode = 500;
            return http.Response.WriteAsync("Ann Lee");
        },
        "answers garbage" => http => http.Response.WriteAsync("{\"sku\": \"Ann Lee"),
        _ => async http =>
        {
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.Body.WriteAsync(new byte[64 * 1024], http.RequestAborted);
            }
        },
    };

    private sealed record Product(string Body, string ETag)
    {
        public JsonObject Json => JsonNode.Parse(Body)!.AsObject();
    }
}
