using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace Browser.Tests;

[Collection(Browsing.Name)]
public sealed partial class ConsoleTests(BrowserShop browsers, ConsoleShop shop, ITestOutputHelper output) : IClassFixture<ConsoleShop>
{
    [BrowserFact]
    public async Task An_endpoint_is_flipped_and_the_traffic_is_seen_to_move()
    {
        await using var load = shop.Ask("/api/v1/shipping/rates?country=DE&weightGrams=500");
        await using var visitor = await shop.LookAsync(browsers, "/console/routes/Shipping.GetRates");
        var page = visitor.Page;
        await page.Locator("#side-Monolith td").First.WaitForAsync();
        await Rate(page, "Monolith").WaitForAsync();

        await page.GetByLabel("Service: the service answers").CheckAsync();
        await page.Locator("form[action$='/set'] button").ClickAsync();
        await page.GetByLabel("Why?").FillAsync("the service is ready");
        (await page.Locator("[data-command]").InnerTextAsync()).ShouldBe("./shop routes set Shipping.GetRates Service --reason \"the service is ready\"");
        await page.ShouldBeWellMadeAsync("console-review");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set Service" }).ClickAsync();

        await Rate(page, "Service").WaitForAsync();
        await page.GetByText("Answers: shipping-service").First.WaitForAsync();
        await page.Locator("#chart-rate svg path.two").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.ShouldBeWellMadeAsync("console-endpoint");

        await page.GotoAsync("/console/routes/history");
        await page.GetByText("the service is ready").First.WaitForAsync();
        await page.ShouldBeWellMadeAsync("console-history");
        await page.GetByRole(AriaRole.Link, new() { Name = "Undo" }).ClickAsync();
        await page.GetByLabel("Why?").FillAsync("and back");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make it the newest revision" }).ClickAsync();
        await page.GotoAsync("/console/routes/Shipping.GetRates");
        await Rate(page, "Monolith").WaitForAsync();
        await page.GetByText("Mode").First.WaitForAsync();
        await page.Locator("p", new() { HasText = "Answers: monolith" }).WaitForAsync();
    }

    [BrowserFact]
    public async Task All_of_Catalog_is_moved_by_clicking_and_back()
    {
        await using var load = shop.Ask("/api/v1/catalog/products");
        await using var visitor = await shop.LookAsync(browsers, "/console/moves/catalog");
        var page = visitor.Page;
        await page.ShouldBeWellMadeAsync("console-move-none");
        await page.GetByRole(AriaRole.Link, new() { Name = "What would a move need?" }).ClickAsync();
        await page.ShouldBeWellMadeAsync("console-move-plan");
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin the move" }).ClickAsync();
        await ComesToAsync(page, "Running");
        await SeeADifferenceAsync(page);

        await DoAsync(page, "Compare all rows");
        await ComesToAsync(page, "Verified");
        await DoAsync(page, "Switch reads");
        await ComesToAsync(page, "Reads switched");
        await DoAsync(page, "Compare all rows");
        await DoAsync(page, "Switch writes", "console-move-review");
        await ComesToAsync(page, "Writes switched");
        await SeeWhyNotAsync(page);
        await page.Locator("#chart-lag svg").WaitForAsync();
        await page.ShouldBeWellMadeAsync("console-move");
        (await page.GetByText("The data belongs to the").InnerTextAsync()).ShouldContain("service");

        await page.GotoAsync("/console");
        await page.GetByText("data: service").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.ShouldBeWellMadeAsync("console-overview");

        // What became illegal meanwhile says so, with the state as it is.
        await page.GotoAsync("/console/moves/catalog/commands/reverse");
        await using var other = await shop.LookAsync(browsers, "/console/moves/catalog");
        await DoAsync(other.Page, "Reverse");
        await ComesToAsync(other.Page, "Reads switched");
        await page.GetByRole(AriaRole.Button, new() { Name = "Reverse" }).ClickAsync();
        (await page.GetByRole(AriaRole.Alert).First.InnerTextAsync()).ShouldContain("The state now: Reads switched");

        await DoAsync(page, "Cancel the move");
        await ComesToAsync(page, "Cancelled");
        await CompleteAnotherAsync(page);
    }

    [BrowserFact]
    public async Task A_dead_letter_is_text_and_is_replayed()
    {
        var id = await shop.DieAsync();
        await using var visitor = await shop.LookAsync(browsers, "/console/messages");
        var page = visitor.Page;
        await page.Locator("#b-Shipping .alarm").WaitForAsync();
        await page.ShouldBeWellMadeAsync("console-messages");
        await page.Locator("a[href*='/console/messages/shipping/retry']").ClickAsync();
        await page.Locator("[data-flag]").CheckAsync();
        (await page.Locator("[data-command]").InnerTextAsync()).ShouldEndWith(" --type Shipping.CancelShipment --force");
        await page.ShouldBeWellMadeAsync("console-retry-all");
        await page.GetByRole(AriaRole.Link, new() { Name = "No, go back" }).ClickAsync();
        await page.Locator("td.number a[href*='/console/messages/shipping?cause=']").ClickAsync();
        await page.GetByText("Shown are those with the cause").WaitForAsync();
        await page.ShouldBeWellMadeAsync("console-letters");
        await page.GotoAsync($"/console/messages/shipping/letters/{id}");
        (await page.Locator("main img").CountAsync()).ShouldBe(0);
        (await page.TitleAsync()).ShouldStartWith("Dead letter");
        await page.ShouldBeWellMadeAsync("console-letter");
        await page.GotoAsync($"/console/messages/shipping/letters/{id}/discard");
        await page.ShouldBeWellMadeAsync("console-discard");
        await page.GotoAsync($"/console/messages/shipping/letters/{id}");

        await page.GetByRole(AriaRole.Link, new() { Name = "Handle again", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Handle again" }).ClickAsync();
        await page.GetByText($"{id} is handled again.").WaitForAsync();
        await page.GetByText("There are none.").WaitForAsync();

        var other = await shop.DieAsync();
        await page.Locator($"a[href$='{other}']").ClickAsync();
        await MendAsync(page, other);
        await page.GetByText($"{other} is handled again, with other data.").WaitForAsync();
        await page.GetByText("There are none.").WaitForAsync();
    }

    [BrowserFact]
    public async Task The_console_works_without_script()
    {
        await using var visitor = await shop.LookAsync(browsers, "/console/routes/Shipping.ListRates", withScript: false);
        var page = visitor.Page;
        await page.GetByLabel("Shadow: this host answers").CheckAsync();
        await page.Locator("form[action$='/set'] button").ClickAsync();
        await page.GetByLabel("Why?").FillAsync("no script here");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set Shadow" }).ClickAsync();
        await page.GetByText("Shipping.ListRates: Shadow.").WaitForAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Shadow" }).WaitForAsync();
    }

    [BrowserFact]
    public async Task The_slider_and_the_number_say_the_same_and_choose_the_canary()
    {
        await using var visitor = await shop.LookAsync(browsers, "/console/routes/Shipping.TrackParcel");
        var page = visitor.Page;
        var (slider, number) = (page.GetByLabel("Canary, per cent", new() { Exact = true }), page.GetByLabel("Canary, per cent of the clients"));
        await slider.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        (await number.InputValueAsync()).ShouldBe("11");
        (await page.GetByLabel("Canary: the service answers some").IsCheckedAsync()).ShouldBeTrue();

        await number.FillAsync("40");
        (await slider.InputValueAsync()).ShouldBe("40");
        await page.Locator("form[action$='/set'] button").ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Shipping.TrackParcel to Canary 40 %?" }).WaitForAsync();
    }

    [BrowserTheory]
    [InlineData("/console/routes", "console-routes")]
    [InlineData("/console/routes/home", "console-home")]
    [InlineData("/console/routes/Catalog.ChangePrice", "console-endpoint-write")]
    [InlineData("/console/moves", "console-moves")]
    [InlineData("/console/messages/journeys/0123456789abcdef0123456789abcdef", "console-journey")]
    [InlineData("/console/orders", "console-orders")]
    public async Task Pages_are_well_made(string address, string name)
    {
        await using var visitor = await shop.LookAsync(browsers, address);
        await visitor.Page.ShouldBeWellMadeAsync(name);
    }

    /// <summary>The rate of a side, once it is not nothing.</summary>
    private static ILocator Rate(IPage page, string side) => page.Locator($"#side-{side} td:nth-of-type(1)", new() { HasTextRegex = Some() });

    /// <param name="name">Of the picture of what is shown first; null for none.</param>
    private static async Task DoAsync(IPage page, string action, string? name = null)
    {
        // The ways back are offered always; what keeps them from being gone, such as a comparison, is over in a moment.
        await Eventually.TrueAsync(
            async () =>
            {
                await page.GetByRole(AriaRole.Link, new() { Name = action }).ClickAsync();
                if ((await page.GetByText("Dry run:").InnerTextAsync()).Contains("would be carried out now", StringComparison.Ordinal))
                {
                    return true;
                }

                await page.GetByRole(AriaRole.Link, new() { Name = "Go back" }).ClickAsync();
                return false;
            },
            $"'{action}' to be possible");
        (await page.Locator("[data-command]").InnerTextAsync()).ShouldStartWith("./shop move ");
        if (name is not null)
        {
            await page.ShouldBeWellMadeAsync(name);
        }

        await page.GetByRole(AriaRole.Button, new() { Name = action }).ClickAsync();
        await page.Locator("ol.steps").WaitForAsync();
    }

    private static Task ComesToAsync(IPage page, string state) => page.Locator("ol.steps li.here", new() { HasTextString = state }).WaitForAsync(new() { Timeout = 60_000 });

    [GeneratedRegex("^[0-9,.]*[1-9]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Some();
}
