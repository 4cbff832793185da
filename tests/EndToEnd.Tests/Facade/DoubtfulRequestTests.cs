using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace EndToEnd.Tests.Facade;

/// <summary>
/// Requests made to be read differently by two who read them one after the other. Each is answered alike whether the
/// endpoint is here or behind the facade, and where it is in doubt where one ends, the connection does.
/// </summary>
public sealed class DoubtfulRequestTests(SharedHost host) : IClassFixture<SharedHost>
{
    private const string Get = "GET {product} HTTP/1.1\r\nHost: shop\r\n";
    private const string Post = "POST /api/v1/catalog/products HTTP/1.1\r\nHost: shop\r\nAuthorization: {token}\r\nContent-Type: application/json\r\n";
    private const string Smuggled = "GET /api/v1/catalog/categories HTTP/1.1\r\nHost: shop\r\n\r\n";

    /// <summary>What is sent, and the statuses of the answers to it; behind them is one to a good request, unless the connection is closed.</summary>
    private static readonly (string Name, string Request, int[] Statuses, bool IsClosed)[] Requests =
    [
        ("an ordinary one", $"{Get}\r\n", [200], false),
        ("an ordinary chunked one", $"{Post}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n", [400], false),
        ("both lengths", $"{Post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Smuggled}", [400], true),
        ("both lengths, the other way round", $"{Post}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n{Smuggled}", [400], true),
        ("both lengths of a read", $"{Get}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Smuggled}", [400], true),
        ("two lengths", $"{Post}Content-Length: 2\r\nContent-Length: 60\r\n\r\n{{}}{Smuggled}", [400], true),
        ("the same length twice", $"{Post}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{{}}{Smuggled}", [400], true),
        ("a list of lengths", $"{Post}Content-Length: 2, 2\r\n\r\n{{}}{Smuggled}", [400], true),
        // Kestrel takes it for the number and there is no way to see it behind; the service is told the number.
        ("a length with a sign", $"{Post}Content-Length: +2\r\n\r\n{{}}", [400], false),
        ("a negative length", $"{Post}Content-Length: -1\r\n\r\n{{}}{Smuggled}", [400], true),
        ("a hexadecimal length", $"{Post}Content-Length: 0x2\r\n\r\n{{}}{Smuggled}", [400], true),
        ("an unknown coding", $"{Post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{Smuggled}", [400], true),
        ("chunked, and then something else", $"{Post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{Smuggled}", [400], true),
        ("something else, and then chunked", $"{Post}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n{Smuggled}", [400], true),
        ("two codings", $"{Post}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n{Smuggled}", [400], true),
        ("a coding with a vertical tab", $"{Post}Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n{Smuggled}", [400], true),
        ("a space before the colon", $"{Post}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{Smuggled}", [400], true),
        ("a folded header", $"{Get}X-Folded: a\r\n Transfer-Encoding: chunked\r\n\r\n", [400], true),
        ("a header with a lone CR", $"{Get}X-Odd: a\rTransfer-Encoding: chunked\r\n\r\n", [400], true),
        ("a header with a null", $"{Get}X-Odd: a\0b\r\n\r\n", [400], true),
        ("lines that end in a bare LF", "GET {product} HTTP/1.1\nHost: shop\n\n", [400], true),
        ("a header that ends in a bare LF", $"{Get}X-Odd: a\nX-Other: b\r\n\r\n", [400], true),
        ("a chunk with an extension", $"{Post}Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{{}}\r\n0\r\n\r\n", [400], false),
        ("a chunk extension with a bare LF", $"{Post}Transfer-Encoding: chunked\r\n\r\n2;\n{{}}\r\n0\r\n\r\n{Smuggled}", [400], true),
        ("a chunk of no length", $"{Post}Transfer-Encoding: chunked\r\n\r\n\r\n{{}}\r\n0\r\n\r\n{Smuggled}", [400], true),
        ("a chunk longer than it says", $"{Post}Transfer-Encoding: chunked\r\n\r\n1\r\n{{}}\r\n0\r\n\r\n{Smuggled}", [400], true),
        ("a chunk length that overflows", $"{Post}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF2\r\n{{}}\r\n0\r\n\r\n{Smuggled}", [400], true),
        ("a read with another request for its body", $"{Get}Content-Length: {Smuggled.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n{Smuggled}", [200], false),
        ("an upgrade to HTTP/2", $"{Get}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n", [200], false),
        ("an upgrade to a socket", $"{Get}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", [200], false),
        ("headers said to belong to the connection", $"{Get}Connection: Authorization, X-Forwarded-For, X-Peer\r\n\r\n", [200], false),
        ("an address in full", "GET http://shop{product} HTTP/1.1\r\nHost: shop\r\n\r\n", [200], false),
        ("an address in full of another host", "GET http://elsewhere{product} HTTP/1.1\r\nHost: shop\r\n\r\n", [400], true),
        ("no host", "GET {product} HTTP/1.1\r\n\r\n", [400], true),
        ("two hosts", $"{Get}Host: elsewhere\r\n\r\n", [400], true),
        ("two slashes", "GET //internal/subscriptions HTTP/1.1\r\nHost: shop\r\n\r\n", [404], false),
        ("two slashes on the way", "GET /api/v1/catalog//products HTTP/1.1\r\nHost: shop\r\n\r\n", [404], false),
        ("dots", "GET /api/v1/catalog/products/../../../../internal/subscriptions HTTP/1.1\r\nHost: shop\r\n\r\n", [404], false),
        ("encoded dots", "GET /api/v1/catalog/products/%2e%2e/%2e%2e/%2e%2e/%2e%2e/internal/subscriptions HTTP/1.1\r\nHost: shop\r\n\r\n", [404], false),
        ("encoded slashes", "GET /api/v1/catalog/products/..%2f..%2f..%2f..%2finternal%2fsubscriptions HTTP/1.1\r\nHost: shop\r\n\r\n", [400], true),
        ("dots encoded twice", "GET /api/v1/catalog/products/%252e%252e HTTP/1.1\r\nHost: shop\r\n\r\n", [400], true),
        ("dots encoded twice, through the whole address", "PUT /api/v1/catalog/categories/%252e%252e/%252e%252e/%252e%252e/%252e%252e/internal/x HTTP/1.1\r\nHost: shop\r\nAuthorization: {token}\r\nContent-Length: 0\r\n\r\n", [400], true),
        ("backslashes", @"GET /api/v1/catalog/products/..\..\..\..\internal\subscriptions HTTP/1.1" + "\r\nHost: shop\r\n\r\n", [400], true),
        ("encoded backslashes", "GET /api/v1/catalog/products/..%5c..%5cinternal HTTP/1.1\r\nHost: shop\r\n\r\n", [400], true),
        ("a null in the address", "GET /api/v1/catalog/products/a%00b HTTP/1.1\r\nHost: shop\r\n\r\n", [400], true),
        ("a method in small letters", "get {product} HTTP/1.1\r\nHost: shop\r\n\r\n", [200], false),
        ("another method in a header", $"{Get}X-HTTP-Method-Override: DELETE\r\n\r\n", [200], false),
        ("TRACE", "TRACE {product} HTTP/1.1\r\nHost: shop\r\n\r\n", [405], false),
        ("CONNECT", "CONNECT 127.0.0.1:80 HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n", [405], false),
        ("a preflight of nobody's", "OPTIONS {product} HTTP/1.1\r\nHost: shop\r\nOrigin: https://elsewhere.example\r\nAccess-Control-Request-Method: GET\r\n\r\n", [204], false),
    ];

    [Fact]
    public async Task What_could_be_read_in_two_ways_is_answered_alike_here_and_behind_the_facade()
    {
        var shop = host.Shop;
        shop.Service.Answer = async http =>
        {
            await http.Request.Body.CopyToAsync(Stream.Null);
            http.Response.StatusCode = HttpMethods.IsPost(http.Request.Method) ? 400 : 200;
        };
        await shop.RouteAsync("");
        await shop.OwnedByAsync("monolith");
        var here = await AnswersAsync(shop);
        await shop.RouteAsync("""  "Catalog.GetProduct": "Service", "Catalog.ListCategories": "Service" """);
        await shop.OwnedByAsync("catalog-service");
        shop.Service.Targets.Clear();
        var behind = await AnswersAsync(shop);

        var expected = Requests.ToDictionary(r => r.Name, r => $"{string.Join(", ", r.Statuses)}{(r.IsClosed ? ", closed" : ", good")}", StringComparer.Ordinal);
        Differences(expected, here).ShouldBeEmpty("here");
        Differences(expected, behind).ShouldBeEmpty("behind the facade");
        shop.Service.Targets.ShouldContain(t => t == $"/api/v1/catalog/products/{shop.Sku}");
        shop.Service.Targets.ShouldNotContain(t => t.Contains("internal", StringComparison.OrdinalIgnoreCase));
        shop.Service.Targets.ShouldNotContain(t => t.EndsWith("/categories", StringComparison.Ordinal), "what was in the body of another request");
    }

    [Theory]
    [InlineData("Monolith")]
    [InlineData("Service")]
    public async Task Who_is_no_peer_says_nothing_as_one_and_nothing_about_who_he_is(string mode)
    {
        var shop = host.Shop;
        shop.Service.Answer = http =>
        {
            foreach (var name in (string[])["X-Frame-Options", "X-Answered-By", "X-Fallback", "Content-Security-Policy", "Referrer-Policy"])
            {
                http.Response.Headers[name] = "forged";
            }

            return http.Response.WriteAsync(shop.Sku);
        };
        await shop.RouteAsync($$"""  "Catalog.GetProduct": "{{mode}}" """);
        shop.Service.Asked.Clear();
        using var response = await shop.GetProductAsync(
            null, ("X-Shop-Epoch", "99"), ("X-Shop-Not-Owner", "99"), ("X-Shop-Shadow", "1"), ("X-Answered-By", "nobody"), ("X-Fallback", "forged"), ("X-Peer", "Catalog"),
            ("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-Host", "elsewhere"), ("X-Forwarded-Proto", "https"), ("Forwarded", "for=192.0.2.1"));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.AnsweredBy().ShouldBe(mode == "Service" ? "catalog-service" : "monolith");
        response.Headers.Contains("X-Fallback").ShouldBeFalse();
        response.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.GetValues("Referrer-Policy").ShouldBe(["same-origin"]);
        response.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem().ShouldStartWith("default-src");
        if (mode == "Service")
        {
            var asked = shop.Service.Asked.ShouldHaveSingleItem();
            string.Join(' ', asked.Keys.Where(k => k.StartsWith("X-Shop-", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)).ShouldBe("x-shop-epoch x-shop-max-lag x-shop-owner");
            asked["X-Shop-Epoch"].ShouldBe("1");
            asked["X-Forwarded-For"].ShouldEndWith("127.0.0.1");
            asked["X-Forwarded-For"].ShouldNotContain("192.0.2.1");
            asked["X-Forwarded-Proto"].ShouldBe("http");
            asked["X-Peer"].ShouldBe("Monolith");
        }
    }

    [Fact]
    public async Task Only_a_proxy_that_was_named_says_who_the_client_is()
    {
        foreach (var (proxies, statuses) in new[] { (Array.Empty<(string, string)>(), "401, 401, 429, 429"), ([("ForwardedHeaders:Proxies:0", "127.0.0.0/8")], "401, 401, 401, 401") })
        {
            await using var shop = await RoutedHost.StartAsync([("RateLimits:CredentialsPerMinute", "3"), .. proxies]);
            var answers = new List<int>();
            for (var i = 0; i < 4; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/v1/customers/login", UriKind.Relative)) { Content = JsonContent.Create(new { email = "a@b.example", password = "guess" }) };
                request.Headers.Add("X-Forwarded-For", $"192.0.2.{i + 1}");
                answers.Add((int)(await shop.Client.SendAsync(request)).StatusCode);
            }

            string.Join(", ", answers).ShouldBe(statuses);
        }
    }

    private static List<string> Differences(Dictionary<string, string> expected, Dictionary<string, string> answers) =>
        [.. expected.Where(e => answers[e.Key] != e.Value).Select(e => $"{e.Key}: {answers[e.Key]}, not {e.Value}")];

    private static async Task<Dictionary<string, string>> AnswersAsync(RoutedHost shop)
    {
        var (answers, token) = (new Dictionary<string, string>(StringComparer.Ordinal), await shop.Process.OperatorTokenAsync());
        foreach (var (name, request, _, _) in Requests)
        {
            using var connection = await RawConnection.OpenAsync(shop.Process.Address);
            await connection.SendAsync(request
                .Replace("{product}", $"/api/v1/catalog/products/{shop.Sku}", StringComparison.Ordinal)
                .Replace("{token}", $"Bearer {token}", StringComparison.Ordinal)
                + "GET /health/live HTTP/1.1\r\nHost: shop\r\n\r\n");
            var said = new List<string>();
            while (await connection.ReadAsync() is { } answer && !answer.Body.Contains("Healthy", StringComparison.Ordinal))
            {
                said.Add(answer.Status.ToString(CultureInfo.InvariantCulture));
            }

            answers[name] = $"{string.Join(", ", said)}{(connection.IsClosed ? ", closed" : ", good")}";
        }

        return answers;
    }
}
