using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace EndToEnd.Tests.Facade;

/// <summary>What a client gets when the service breaks off, talks nonsense or says nothing, and when either says too much.</summary>
public sealed class BrokenServiceTests(SharedHost host) : IClassFixture<SharedHost>
{
    private const string Broken = "The service broke off in the middle of an answer of Catalog.GetProduct";

    [Fact]
    public async Task An_answer_that_breaks_off_is_never_taken_for_a_whole_one()
    {
        var shop = host.Shop;
        await shop.RouteAsync("""  "Catalog.GetProduct": "Service" """);
        shop.Service.Answer = http => http.Response.WriteAsJsonAsync(new { sku = "WHOLE" });
        await Eventually.TrueAsync(async () => (await shop.GetProductAsync()).AnsweredBy() == "catalog-service", "the service to answer");
        // What is short the facade holds until it is whole: TroubledServiceTests.
        foreach (var length in new long?[] { null, 1_000_000 })
        {
            var isRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            shop.Service.Answer = async http =>
            {
                http.Response.ContentLength = length;
                http.Response.ContentType = "text/plain";
                await http.Response.WriteAsync(new string('x', 300_000) + "HALF");
                await http.Response.Body.FlushAsync();
                await isRead.Task;
                http.Abort();
            };
            using var connection = await RawConnection.OpenAsync(shop.Process.Address);
            await connection.SendAsync($"GET /api/v1/catalog/products/{shop.Sku} HTTP/1.1\r\nHost: shop\r\n\r\n");
            await connection.WaitForAsync("HALF");
            isRead.SetResult();
            var answer = (await connection.ReadAsync()).ShouldNotBeNull();
            answer.IsComplete.ShouldBeFalse();
            connection.IsClosed.ShouldBeTrue();
        }

        await Eventually.TrueAsync(() => Task.FromResult(shop.Process.Output.Contains(Broken, StringComparison.Ordinal)), "the log to tell");
        shop.Process.Output.Split('\n').Count(l => l.Contains(Broken, StringComparison.Ordinal)).ShouldBe(1, "once in a while");
        shop.Process.Output.ShouldNotContain("Exception");
        shop.Service.Answer = http => http.Response.WriteAsJsonAsync(new { sku = "WHOLE" });
        using var next = await shop.GetProductAsync();
        next.AnsweredBy().ShouldBe("catalog-service");
        (await next.Content.ReadAsStringAsync()).ShouldContain("WHOLE");
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("")]
    public async Task A_service_that_talks_nonsense_or_says_nothing_costs_no_read_and_little_time(string said)
    {
        var shop = host.Shop;
        await shop.Service.GoAwayAsync();
        using var stop = new CancellationTokenSource();
        using var listener = new TcpListener(IPAddress.Loopback, shop.Service.Address.Port);
        listener.Start();
        var talking = TalkAsync(listener, said, stop.Token);
        await shop.RouteAsync("""  "Catalog.GetProduct": { "Mode": "Service", "TimeoutSeconds": 1 } """);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < 3; i++)
        {
            using var response = await shop.GetProductAsync();
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            response.AnsweredBy().ShouldBe("monolith");
            response.Headers.GetValues("X-Fallback").Single().ShouldBeOneOf("broken", "timeout", "unreachable", "no-destination", "circuit-open");
            (await response.Content.ReadAsStringAsync()).ShouldContain(shop.Sku);
        }

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
        await stop.CancelAsync();
        listener.Stop();
        await talking;
        await shop.Service.RunAsync();
    }

    [Theory]
    [InlineData(10_000, 200)]
    [InlineData(20_000, 431)]
    public async Task As_many_header_bytes_as_are_taken_here_are_taken_behind(int bytes, int status)
    {
        var shop = host.Shop;
        shop.Service.Answer = http => http.Response.WriteAsJsonAsync(new { sku = shop.Sku });
        foreach (var mode in new[] { "Monolith", "Service" })
        {
            await shop.RouteAsync($$"""  "Catalog.GetProduct": "{{mode}}" """);
            await Eventually.TrueAsync(async () => (await shop.GetProductAsync()).AnsweredBy() == (mode == "Service" ? "catalog-service" : "monolith"), $"{mode} to answer");
            shop.Service.Asked.Clear();
            using var response = await shop.GetProductAsync(null, ("X-Long", new string('x', bytes - 5000)), ("X-Longer", new string('y', 5000)));
            ((int)response.StatusCode).ShouldBe(status, mode);
            (mode == "Service" && status == 200).ShouldBe(shop.Service.Asked.Any(a => a.GetValueOrDefault("X-Longer")?.Length == 5000));
        }
    }

    [Fact]
    public async Task A_service_that_says_too_much_in_its_headers_is_not_listened_to()
    {
        var shop = host.Shop;
        await shop.RouteAsync("""  "Catalog.GetProduct": "Service" """);
        foreach (var (bytes, side) in new[] { (10_000, "catalog-service"), (200_000, "monolith") })
        {
            shop.Service.Answer = http =>
            {
                for (var i = 0; i < bytes / 5000; i++)
                {
                    http.Response.Headers[$"X-Long-{i}"] = new string('x', 5000);
                }

                return http.Response.WriteAsJsonAsync(new { sku = shop.Sku });
            };
            await Eventually.TrueAsync(async () => (await shop.GetProductAsync()).AnsweredBy() == side, $"{side} to answer");
            using var response = await shop.GetProductAsync();
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            response.AnsweredBy().ShouldBe(side);
        }
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_refused_alike_here_and_behind_and_one_that_is_not_arrives_whole()
    {
        var shop = host.Shop;
        var arrived = 0L;
        shop.Service.Answer = async http =>
        {
            arrived = 0;
            var chunk = new byte[64 * 1024];
            while (await http.Request.Body.ReadAsync(chunk) is var read and > 0)
            {
                arrived += read;
            }

            http.Response.StatusCode = 201;
        };
        await shop.RouteAsync("");
        foreach (var side in new[] { "monolith", "catalog-service" })
        {
            await shop.OwnedByAsync(side);
            foreach (var chunked in new[] { false, true })
            {
                await SendAsync(shop, "products", 2 * 1024 * 1024, "application/json", chunked).ShouldFailAsync(413, "request.too_large");
                if (side == "catalog-service")
                {
                    await SendAsync(shop, "products/import", 3 * 1024 * 1024, "text/csv", chunked).ShouldHaveStatusAsync(201);
                    arrived.ShouldBe(3 * 1024 * 1024);
                }
            }

            await SendAsync(shop, "products/import", 65 * 1024 * 1024, "text/csv", chunked: false).ShouldFailAsync(413, "request.too_large");
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(RoutedHost shop, string path, int bytes, string type, bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/api/v1/catalog/{path}", UriKind.Relative)) { Content = new ByteArrayContent(Encoding.ASCII.GetBytes(new string(' ', bytes))) };
        request.Content.Headers.ContentType = new(type);
        request.Headers.TransferEncodingChunked = chunked;
        // Without it the client is still sending when the connection is closed, and never sees the answer.
        request.Headers.ExpectContinue = true;
        return await shop.Operator.SendAsync(request);
    }

    private static async Task TalkAsync(TcpListener listener, string said, CancellationToken stop)
    {
        var clients = new List<TcpClient>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stop);
                clients.Add(client);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(said), stop);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            clients.ForEach(c => c.Dispose());
        }
    }
}
