namespace Browser.Tests;

/// <summary>The parts of a page that follow the server by themselves.</summary>
[Collection(Browsing.Name)]
public sealed class LivePartTests(BrowserShop shop)
{
    private const string Stream = "**/console/live";

    private const string Stale = "[data-live][data-stale]";

    [BrowserFact]
    public async Task A_stream_that_ended_for_good_is_asked_for_again()
    {
        await using var visitor = await LookAsync();
        var page = visitor.Page;
        await visitor.Context.RouteAsync(Stream, route => route.FulfillAsync(new() { Status = 503, Body = "a balancer" }), new() { Times = 1 });
        await page.GotoAsync("/console");
        await page.Locator(Stale).WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.Locator(Stale).WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    [BrowserFact]
    public async Task A_tab_that_nobody_sees_has_no_stream_and_gets_it_back_when_it_is_looked_at()
    {
        await using var visitor = await LookAsync();
        var page = visitor.Page;
        await page.RunAndWaitForRequestAsync(() => page.GotoAsync("/console"), Stream);
        foreach (var (away, back) in new[]
        {
            ("Object.defineProperty(document, 'hidden', { configurable: true, value: true }); document.dispatchEvent(new Event('visibilitychange'))",
             "Object.defineProperty(document, 'hidden', { configurable: true, value: false }); document.dispatchEvent(new Event('visibilitychange'))"),
            ("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))", "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"),
        })
        {
            var ended = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            page.RequestFailed += (_, request) => ended.TrySetResult(request.Url);
            await page.EvaluateAsync(away);
            (await ended.Task.WaitAsync(TimeSpan.FromSeconds(20))).ShouldEndWith("/console/live");
            await page.RunAndWaitForRequestAsync(() => page.EvaluateAsync(back), Stream);
        }

        (await page.Locator(Stale).CountAsync()).ShouldBe(0);
    }

    [BrowserFact]
    public async Task A_form_that_is_on_its_way_stays_so_when_the_part_is_drawn_anew()
    {
        await using var visitor = await LookAsync();
        var page = visitor.Page;
        var drawn = "at first";
        await visitor.Context.RouteAsync(Stream, route => route.FulfillAsync(new()
        {
            ContentType = "text/event-stream",
            Body = $"retry: 100\ndata: <p id=\"drawn\">{drawn}</p><form method=\"post\" action=\"/orders\"><button>Cancel the order</button></form>\n\n",
        }));
        await page.GotoAsync("/console");
        // As if the answer took its time.
        await page.EvaluateAsync("addEventListener('submit', event => event.preventDefault())");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the order" }).ClickAsync();
        await page.Locator("form[data-sent]").WaitForAsync();

        drawn = "anew";
        await page.GetByText(drawn, new() { Exact = true }).WaitForAsync();
        (await page.Locator("form[data-sent] button[aria-disabled=true]").CountAsync()).ShouldBe(1);
    }

    private async Task<Visitor> LookAsync()
    {
        var visitor = await shop.VisitAsync();
        await visitor.LogInAsOperatorAsync();
        return visitor;
    }
}
