using System.Net;

namespace Modules.Tests.Console;

/// <summary>The streams that keep parts of pages as they are.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class LiveStreamTests(ConsoleShop shop)
{
    private const string Quiet = "/console/orders/live?status=rejected";

    [Fact]
    public async Task A_part_of_which_nothing_changes_says_now_and_then_that_it_is_there()
    {
        using var browser = Following(shop.Operator());
        using var answer = await OpenAsync(browser, Quiet);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("X-Accel-Buffering").ShouldBe(["no"]);
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var lines = new List<string>();
        while (!lines.Contains("event: beat", StringComparer.Ordinal))
        {
            lines.Add((await events.ReadLineAsync(patience.Token)).ShouldNotBeNull());
        }

        lines.ShouldContain(l => l.Contains("No order is rejected now", StringComparison.Ordinal));
        lines.Count(l => l.StartsWith("data: <", StringComparison.Ordinal)).ShouldBe(1, "what has not changed is not sent again");
    }

    [Fact]
    public async Task Who_has_two_dozen_open_is_told_to_wait_until_one_of_them_ends()
    {
        using var browser = Following(shop.Operator());
        var open = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => OpenAsync(browser, Quiet)));
        open.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
        using (var refused = await OpenAsync(browser, Quiet))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        }

        using (var another = Following(shop.Operator()))
        using (var others = await OpenAsync(another, Quiet))
        {
            others.StatusCode.ShouldBe(HttpStatusCode.OK, "another one has streams of their own");
        }

        open[0].Dispose();
        await Eventually.TrueAsync(
            async () =>
            {
                using var again = await OpenAsync(browser, Quiet);
                return again.StatusCode is HttpStatusCode.OK;
            },
            "the place of one that has ended");
        foreach (var answer in open)
        {
            answer.Dispose();
        }
    }

    private static HttpClient Following(HttpClient client)
    {
        client.DefaultRequestHeaders.Accept.ParseAdd("text/event-stream");
        return client;
    }

    private static Task<HttpResponseMessage> OpenAsync(HttpClient client, string address) =>
        client.GetAsync(new Uri(address, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
}
