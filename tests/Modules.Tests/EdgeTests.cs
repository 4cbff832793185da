using System.Diagnostics;
using System.Net;
using ModularShop.Modularity.Security;

namespace Modules.Tests;

/// <summary>What the shop lets in, how often, and for whom.</summary>
[Trait(RunOnly.Trait, RunOnly.Once)]
public sealed class EdgeTests(EdgeTests.StrictShop shop) : IClassFixture<EdgeTests.StrictShop>
{
    private const string Origin = "https://shop.example";

    private static readonly Uri Products = new("/api/v1/catalog/products", UriKind.Relative);
    private static readonly Uri Product = new("/api/v1/catalog/products/NOPE", UriKind.Relative);
    private static readonly Uri Carts = new("/api/v1/ordering/carts", UriKind.Relative);

    [Fact]
    public async Task Each_class_of_endpoints_has_a_limit_of_its_own_for_each_client()
    {
        using var one = shop.Customer();
        using var other = shop.Customer();

        await ShouldBeLetInAsync(() => one.PostAsync(Carts, null), 6);
        using (var refused = await RefusedAsync(() => one.PostAsync(Carts, null)))
        {
            refused.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
            refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            (await refused.Content.ReadAsStringAsync()).ShouldContain("request.too_many_requests");
        }

        (await CountAsync(() => one.GetAsync(Product), 20)).ShouldBe(20, "reads are counted apart");
        (await CountAsync(() => other.PostAsync(Carts, null), 2)).ShouldBe(2, "another client is counted apart");
    }

    [Fact]
    public async Task Searches_are_counted_apart()
    {
        using var customer = shop.Customer();
        await ShouldBeLetInAsync(() => customer.GetAsync(Products), 6);
        (await CountAsync(() => customer.GetAsync(Product), 10)).ShouldBe(10);
    }

    [Fact]
    public async Task Nothing_is_kept_where_that_is_asked_for()
    {
        using var anyone = shop.Anonymous();
        for (var i = 0; i < 3; i++)
        {
            using var response = await anyone.GetAsync(new Uri("/api/v1/catalog/categories", UriKind.Relative));
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            response.Headers.Age.ShouldBeNull();
        }
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    public void A_client_is_an_address_or_a_network_of_64_bits(string one, string other, bool same) =>
        (RateLimitClient.NetworkOf(IPAddress.Parse(one)) == RateLimitClient.NetworkOf(IPAddress.Parse(other))).ShouldBe(same);

    [Theory]
    [InlineData("GET", "/api/v1/catalog/products")]
    [InlineData("PUT", "/api/v1/catalog/products/BOOK-1/price")]
    [InlineData("GET", "/api/v1/routes")]
    public async Task A_page_of_an_origin_that_was_named_may_call(string method, string path)
    {
        using var preflight = await PreflightAsync(method, path, Origin);
        preflight.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        preflight.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe([Origin]);
        preflight.Headers.GetValues("Access-Control-Allow-Methods").ShouldBe([method]);
        preflight.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
    }

    [Theory]
    [InlineData("GET", "/api/v1/catalog/products", "https://elsewhere.example")]
    [InlineData("PUT", "/api/v1/catalog/products/BOOK-1/price", "https://shop.example.elsewhere.example")]
    [InlineData("GET", "/api/v1/catalog/products/BOOK-1", "null")]
    public async Task A_page_of_another_origin_may_not(string method, string path, string origin)
    {
        using var preflight = await PreflightAsync(method, path, origin);
        ((int)preflight.StatusCode).ShouldBeLessThan(500);
        preflight.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Fact]
    public async Task An_answer_that_a_page_may_read_says_so_and_names_what_of_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Product) { Headers = { { "Origin", Origin } } };
        using var client = shop.Customer();
        using var response = await client.SendAsync(request);
        response.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe([Origin]);
        response.Headers.GetValues("Access-Control-Expose-Headers").Single().ShouldContain("X-Answered-By");
    }

    [Theory]
    [InlineData("/api/v1/catalog/products/NOPE", "default-src 'none'")]
    [InlineData("/openapi/index.html", "object-src 'none'")]
    [InlineData("/", "default-src 'none'; script-src 'self'")]
    public async Task Every_answer_tells_the_browser_what_not_to_do(string path, string policy)
    {
        using var client = shop.Customer();
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
        response.Headers.GetValues("Referrer-Policy").ShouldBe(["same-origin"]);
        response.Headers.GetValues("Content-Security-Policy").Single().ShouldContain(policy);
        response.Headers.Contains("Server").ShouldBeFalse();
    }

    [Theory]
    [InlineData("/api/v1/catalog/products/NOPE", 404, "text/plain")]
    [InlineData("/products/NOPE", 404, "text/html")]
    [InlineData("/products/a%2Fb", 400, "text/html")]
    [InlineData("/nowhere", 404, "text/html")]
    public async Task A_client_that_accepts_pages_alone_is_refused_like_any_other(string path, int status, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "text/html" } } };
        using var client = shop.Anonymous();
        using var response = await client.SendAsync(request);
        ((int)response.StatusCode).ShouldBe(status);
        response.Content.Headers.ContentType?.MediaType.ShouldBe(type);
    }

    [Theory]
    [InlineData("/products/NOPE")]
    [InlineData("/tracking/NOPE")]
    public async Task A_page_that_a_program_asks_for_is_refused_with_a_status_and_is_no_fault_of_the_server(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "*/*" } } };
        using var client = shop.Anonymous();
        using var response = await client.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/login")]
    [InlineData("/products/NOPE")]
    [InlineData("/console")]
    public async Task An_origin_that_may_call_the_API_may_not_read_pages(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "text/html" }, { "Origin", Origin } } };
        using var client = shop.Anonymous();
        using var response = await client.SendAsync(request);
        response.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Fact]
    public async Task The_cookies_of_pages_that_came_over_TLS_go_nowhere_else()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("https://localhost/login")) { Headers = { { "Accept", "text/html" } } };
        using var client = shop.Anonymous();
        using var response = await client.SendAsync(request);
        response.Headers.GetValues("Set-Cookie").ShouldAllBe(c => c.Contains("; secure", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Two of those that come at once, and one more for each second that it takes.</summary>
    private static async Task ShouldBeLetInAsync(Func<Task<HttpResponseMessage>> send, int times)
    {
        var sending = Stopwatch.StartNew();
        var letIn = await CountAsync(send, times);
        letIn.ShouldBeInRange(2, 3 + (int)sending.Elapsed.TotalSeconds);
    }

    /// <summary>Of several that come at once, one that is refused.</summary>
    private static Task<HttpResponseMessage> RefusedAsync(Func<Task<HttpResponseMessage>> send) => Eventually.GetAsync(
        async () => (await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => send()))).FirstOrDefault(r => r.StatusCode is HttpStatusCode.TooManyRequests), "a refusal");

    private static async Task<int> CountAsync(Func<Task<HttpResponseMessage>> send, int times) =>
        (await Task.WhenAll(Enumerable.Range(0, times).Select(_ => send()))).Count(r => r.StatusCode is not HttpStatusCode.TooManyRequests);

    private async Task<HttpResponseMessage> PreflightAsync(string method, string path, string origin)
    {
        using var client = shop.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", method);
        request.Headers.Add("Access-Control-Request-Headers", "authorization");
        return await client.SendAsync(request);
    }

    public sealed class StrictShop : ShopFixture
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            new("RateLimits:WritesPerSecond", "1"), new("RateLimits:SearchesPerSecond", "1"), new("AnswerCache:MaxAgeSeconds", "0"), new("Cors:Origins:0", Origin),
        ];
    }
}
