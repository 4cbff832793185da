using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace EndToEnd.Tests.Facade;

/// <summary>Plans that take an endpoint to a service double and back, under the requests of many visitors.</summary>
public sealed class RolloutTests(SharedRoutedHost host) : IClassFixture<SharedRoutedHost>
{
    private const string Endpoint = "Catalog.GetProduct";

    /// <summary>Milliseconds that nothing takes here.</summary>
    private const int Unlimited = 5000;

    private RoutedHost Shop => host.Shop;

    [Fact]
    public async Task A_service_that_answers_well_gets_everything_by_itself()
    {
        await BeginAsync();
        await using var traffic = new Traffic(Shop);
        await PlanAsync();
        var ended = await WaitAsync(r => Text(r, "state") is "Done" or "RolledBack", "the rollout to end");
        Text(ended, "state").ShouldBe("Done", ended.ToJsonString());
        (await Shop.GetProductAsync()).AnsweredBy().ShouldBe("catalog-service");

        var history = await HistoryAsync();
        history.Select(h => h.Reason.Split(" goes on ")[^1].Split(':')[0]).Skip(1).Take(4).Reverse().ShouldBe(
            ["from the monolith to Shadow", "from Shadow to 20 %", "from 20 % to 60 %", "from 60 % to 100 %"]);
        history[0].Reason.ShouldMatch(@"\d+ requests, 0 % failed, p95 [\d.]+ ms");
    }

    [Theory]
    [InlineData("changes a price", "Shadow", "MaxShadowMismatchRate")]
    [InlineData("drops a field", "Shadow", "MaxShadowMismatchRate")]
    [InlineData("fails for one in twenty", "20 %", "MaxErrorRateDifference")]
    [InlineData("is slow", "20 %", "MaxP95Ratio")]
    [InlineData("closes the connection", "20 %", "MaxErrorRateDifference")]
    public async Task A_service_that_answers_badly_is_taken_back_and_the_limit_is_named(string trouble, string step, string limit)
    {
        await BeginAsync(Troubles[trouble]);
        await using var traffic = new Traffic(Shop, mayFail: trouble == "fails for one in twenty");
        await PlanAsync(steps: step == "Shadow" ? """[ "Shadow", 50 ]""" : "[ 20, 60, 100 ]", p95Tolerance: trouble == "is slow" ? 200 : Unlimited);
        var rollout = await WaitAsync(r => Text(r, "state") == "RolledBack", "the rollout to be taken back");
        Text(rollout, "because").ShouldStartWith($"{limit} ");
        Text(rollout, "because").ShouldContain(trouble switch { "changes a price" => "different in price.amount", "drops a field" => "different in brand", _ => "the service: " });
        Text(rollout, "step").ShouldBe("Monolith");
        (await HistoryAsync())[0].Reason.ShouldStartWith($"{Endpoint} goes back from {step} to the monolith. {limit} ");
        var route = (await Shop.RoutingAsync())["endpoints"]!.AsArray().Single(e => Text(e!, "name") == Endpoint)!;
        (Text(route, "mode"), Text(route, "rollout"), Text(route, "answers")).ShouldBe(("Monolith", "RolledBack", "monolith"));

        // It does not begin again by itself.
        await Eventually.TrueAsync(async () => (await traffic.MoreAsync(200)).All(a => a == "monolith"), "200 answers in a row by the monolith");
        Text(await RolloutAsync(), "state").ShouldBe("RolledBack");
    }

    [Fact]
    public async Task Nobody_asks_and_nothing_happens()
    {
        await BeginAsync();
        await PlanAsync(steps: "[ 20, 100 ]");
        var rollout = await WaitAsync(r => Text(r, "because").Contains("20 more requests to the service", StringComparison.Ordinal), "the rollout to wait for requests");
        (Text(rollout, "step"), Text(rollout, "action")).ShouldBe(("20 %", "Wait"));
    }

    [Fact]
    public async Task What_somebody_has_to_approve_waits_and_survives_a_kill()
    {
        await BeginAsync();
        await using (new Traffic(Shop))
        {
            await PlanAsync(steps: "[ 20, 60, 100 ]", gates: "[ 60 ]");
            await WaitAsync(r => Text(r, "action") == "AskFirst", "the gate");
        }

        var revision = (await Shop.RoutingAsync())["revision"]!.GetValue<long>();
        await Shop.RestartAsync();
        var rollout = await RolloutAsync();
        (Text(rollout, "state"), Text(rollout, "step")).ShouldBe(("Running", "20 %"));
        (await Shop.RoutingAsync())["revision"]!.GetValue<long>().ShouldBe(revision);
        await SayAsync("approve", 409, "routes.not_now");

        await using var traffic = new Traffic(Shop);
        await WaitAsync(r => Text(r, "action") == "AskFirst", "the gate, after a new look");
        await SayAsync("pause", 200);
        await SayAsync("approve", 409, "routes.not_now");
        await SayAsync("resume", 200);
        await WaitAsync(r => Text(r, "action") == "AskFirst", "the gate");
        await SayAsync("approve", 200);
        Text(await RolloutAsync(), "step").ShouldBe("60 %");
        await SayAsync("abort", 200);
        Text(await RolloutAsync(), "because").ShouldBe("Aborted: a test's");
        await Shop.SetRouteAsync(Endpoint, new { mode = "Monolith", reason = "by hand" }).ShouldBeAsync(200);
        await Shop.Operator.GetAsync(Address()).ShouldFailAsync(404, "routes.no_rollout");
    }

    [Theory]
    [InlineData("""{ "Steps": [ 50, 20 ] }""", "more than the one before")]
    [InlineData("""{ "Steps": [ 20, 101 ] }""", "Facade:Endpoints:Catalog.GetProduct:Rollout:Steps:1")]
    [InlineData("""{ "Speed": "fast" }""", "Facade:Endpoints:Catalog.GetProduct:Rollout:Speed")]
    public async Task A_plan_that_makes_no_sense_is_refused_and_says_why(string plan, string reason)
    {
        await BeginAsync();
        var body = new JsonObject { ["plan"] = JsonNode.Parse(plan), ["reason"] = "a test's" };
        var problem = await Shop.Operator.PutAsJsonAsync(Address(), body).ShouldFailAsync(400, "routes.not_valid");
        Text(problem, "detail").ShouldContain(reason);
    }

    private static Dictionary<string, Func<HttpContext, JsonObject, Task>> Troubles { get; } = new(StringComparer.Ordinal)
    {
        ["changes a price"] = (http, product) =>
        {
            product["price"]!["amount"] = 1;
            return http.Response.WriteAsJsonAsync(product);
        },
        ["drops a field"] = (http, product) =>
        {
            product.Remove("brand");
            return http.Response.WriteAsJsonAsync(product);
        },
        ["fails for one in twenty"] = (http, product) =>
        {
            http.Response.StatusCode = Interlocked.Increment(ref _asked) % 20 == 0 ? 500 : 200;
            return http.Response.WriteAsJsonAsync(product);
        },
        ["is slow"] = async (http, product) =>
        {
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(1000));
            await pause.WaitForNextTickAsync(http.RequestAborted);
            await http.Response.WriteAsJsonAsync(product);
        },
        ["closes the connection"] = (http, _) =>
        {
            http.Abort();
            return Task.CompletedTask;
        },
    };

    private static int _asked;

    private static string Text(JsonNode node, string name) => node[name]?.GetValue<string>() ?? "";

    private static Uri Address(string word = "") => new($"/api/v1/routes/{Endpoint}/rollout/{word}".TrimEnd('/'), UriKind.Relative);

    /// <summary>Everything at the monolith, and a double that answers as the monolith does, or badly.</summary>
    private async Task BeginAsync(Func<HttpContext, JsonObject, Task>? trouble = null)
    {
        await Shop.RouteAsync($"  \"{Endpoint}\": \"Monolith\"");
        using var product = await Shop.GetProductAsync();
        var (body, etag) = (await product.Content.ReadAsStringAsync(), product.Headers.ETag!.ToString());
        Shop.Service.Answer = http => AnswerAsync(http, (answer, json) => answer.Response.WriteAsJsonAsync(json));
        // What the service did in another test is known of it, and keeps the endpoint's circuit open, until it is asked again.
        await Shop.RouteAsync($"  \"{Endpoint}\": \"Service\"");
        await Eventually.TrueAsync(async () => (await Shop.GetProductAsync()).AnsweredBy() == "catalog-service", "the service to be found well");
        await Shop.RouteAsync($"  \"{Endpoint}\": \"Monolith\"");
        if (trouble is not null)
        {
            Shop.Service.Answer = http => AnswerAsync(http, trouble);
        }

        Task AnswerAsync(HttpContext http, Func<HttpContext, JsonObject, Task> answer)
        {
            http.Response.Headers.ETag = etag;
            return answer(http, JsonNode.Parse(body)!.AsObject());
        }
    }

    /// <remarks>Of twenty answers the slowest is the one that the machine was busy at: how long they take says something only where the service is slow.</remarks>
    private Task<JsonNode> PlanAsync(string steps = """[ "Shadow", 20, 60, 100 ]""", string gates = "[]", int p95Tolerance = Unlimited) => Shop.Operator.PutAsJsonAsync(Address(), new JsonObject
    {
        ["plan"] = JsonNode.Parse($$"""{ "Steps": {{steps}}, "Gates": {{gates}}, "BakeSeconds": 1, "MinimumRequests": 20, "P95ToleranceMilliseconds": {{p95Tolerance}}, "MaxP95Ratio": 1 }"""),
        ["reason"] = "a test's",
    }).ShouldBeAsync(200);

    private Task<JsonNode> RolloutAsync() => Shop.Operator.GetAsync(Address()).ShouldBeAsync(200);

    private Task<JsonNode> WaitAsync(Func<JsonNode, bool> holds, string what) => Eventually.GetAsync(async () => await RolloutAsync() is var rollout && holds(rollout) ? rollout : null, what, TimeSpan.FromSeconds(60));

    private async Task SayAsync(string word, int status, string code = "")
    {
        var said = Shop.Operator.PostAsJsonAsync(Address(word), new { reason = "a test's" });
        await (status == 200 ? said.ShouldBeAsync(200) : said.ShouldFailAsync(status, code));
    }

    private async Task<List<(string By, string Reason)>> HistoryAsync() =>
        [.. (await Shop.Operator.GetAsync(new Uri("/api/v1/routes/history?take=10", UriKind.Relative)).ShouldBeAsync(200)).AsArray().Select(r => (Text(r!, "by"), Text(r!, "reason")))];

    /// <summary>A hundred visitors who read again and again, four at a time, and are all answered.</summary>
    private sealed class Traffic : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly ConcurrentQueue<string> _sides = new();
        private readonly List<Task> _readers;

        public Traffic(RoutedHost shop, bool mayFail = false) =>
            _readers = [.. Enumerable.Range(0, 4).Select(reader => Task.Run(() => ReadAsync(shop, reader, mayFail)))];

        /// <summary>Who gave the next answers.</summary>
        public async Task<IReadOnlyList<string>> MoreAsync(int answers)
        {
            _sides.Clear();
            await Eventually.TrueAsync(() => Task.FromResult(_sides.Count >= answers), $"{answers} answers");
            return [.. _sides];
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_readers);
            _stop.Dispose();
        }

        private async Task ReadAsync(RoutedHost shop, int reader, bool mayFail)
        {
            for (var i = reader; !_stop.IsCancellationRequested; i += 4)
            {
                using var response = await shop.GetProductAsync(null, ("Cookie", string.Create(CultureInfo.InvariantCulture, $"shop-visitor=visitor{i % 100}")));
                (response.IsSuccessStatusCode || mayFail).ShouldBeTrue($"{(int)response.StatusCode}");
                _sides.Enqueue(response.AnsweredBy());
            }
        }
    }
}
