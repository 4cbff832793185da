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

    [BrowserFact]
    public async Task A_stream_that_has_said_nothing_for_long_is_taken_for_dead_and_asked_for_again()
    {
        await using var visitor = await LookAsync();
        var page = visitor.Page;
        await page.Clock.InstallAsync();
        await visitor.Context.RouteAsync(Stream, _ => Task.CompletedTask, new() { Times = 1 });
        await page.RunAndWaitForRequestAsync(() => page.GotoAsync("/console"), Stream);
        (await page.Locator(Stale).CountAsync()).ShouldBe(0);

        await page.Clock.FastForwardAsync(26_000);

        await page.Locator(Stale).WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.RunAndWaitForRequestAsync(() => page.Clock.FastForwardAsync(4_000), Stream);
        await page.Locator(Stale).WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    [BrowserFact]
    public async Task A_stream_that_ends_as_planned_goes_on_and_nothing_is_said_of_it()
    {
        await using var visitor = await LookAsync();
        var page = visitor.Page;
        await visitor.Context.RouteAsync(
            Stream, route => route.FulfillAsync(new() { ContentType = "text/event-stream", Body = "retry: 200\ndata: <p>the first</p>\n\n" }), new() { Times = 1 });
        await page.AddInitScriptAsync(
            "addEventListener('DOMContentLoaded', () => new MutationObserver(seen => { window.wasStale ||= seen.some(s => s.target.hasAttribute('data-stale')); }).observe(document.body, { subtree: true, attributeFilter: ['data-stale'] }))");
        await page.GotoAsync("/console");
        await page.GetByText("the first", new() { Exact = true }).WaitForAsync();
        await page.GetByText("the first", new() { Exact = true }).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        (await page.EvaluateAsync<bool>("window.wasStale === true")).ShouldBeFalse();
    }

    [BrowserFact]
    public async Task Who_is_logged_out_meanwhile_is_asked_to_log_in_again()
    {
        await using var visitor = await LookAsync();
        var page = visitor.Page;
        await page.RunAndWaitForRequestAsync(() => page.GotoAsync("/console"), Stream);
        await visitor.Context.ClearCookiesAsync();
        foreach (var hidden in new[] { "true", "false" })
        {
            await page.EvaluateAsync($"Object.defineProperty(document, 'hidden', {{ configurable: true, value: {hidden} }}); document.dispatchEvent(new Event('visibilitychange'))");
        }

        await page.WaitForURLAsync("**/login?return=%2Fconsole");
    }

    [BrowserFact]
    public async Task What_has_the_focus_keeps_it_or_goes_with_it_and_never_becomes_something_else()
    {
        await using var visitor = await LookAsync();
        var page = visitor.Page;
        var links = "";
        await visitor.Context.RouteAsync(Stream, route => route.FulfillAsync(new() { ContentType = "text/event-stream", Body = $"retry: 100\ndata: <p id=\"actions\">{links}</p>\n\n" }));
        links = Link("compare") + " " + Link("reverse") + " " + Link("complete");
        await page.GotoAsync("/console");
        await page.Locator("#complete").FocusAsync();

        links = Link("complete");
        await page.Locator("#reverse").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        (await FocusAsync()).ShouldBe("complete");

        links = Link("reverse") + " " + Link("complete");
        await page.Locator("#reverse").FocusAsync();
        links = Link("complete");
        await page.Locator("#reverse").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        (await FocusAsync()).ShouldBeEmpty();

        static string Link(string id) => $"<a id=\"{id}\" href=\"#{id}\">{id}</a>";

        Task<string> FocusAsync() => page.EvaluateAsync<string>("document.activeElement.id");
    }

    private async Task<Visitor> LookAsync()
    {
        var visitor = await shop.VisitAsync();
        await visitor.LogInAsOperatorAsync();
        return visitor;
    }
}
