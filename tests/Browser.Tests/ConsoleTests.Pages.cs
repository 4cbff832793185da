namespace Browser.Tests;

/// <remarks>Pages that only something that has happened makes worth looking at.</remarks>
public sealed partial class ConsoleTests
{
    [BrowserFact]
    public async Task A_rollout_is_drawn_as_it_goes()
    {
        await using var load = shop.Ask("/api/v1/shipping/rates?country=DE&weightGrams=700");
        await using var visitor = await shop.LookAsync(browsers, "/console/routes/Shipping.GetRates");
        var page = visitor.Page;
        await page.GetByLabel("Steps").FillAsync("50,100");
        await page.GetByLabel("Watch each for, seconds").FillAsync("3600");
        await page.Locator("form[action$='/rollout'] button").ClickAsync();
        await page.ShouldBeWellMadeAsync("console-rollout-review");
        await page.GetByLabel("Why?").FillAsync("the service is ready");
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();

        await page.Locator("ol.steps li.here", new() { HasTextString = "50 %" }).WaitForAsync();
        var failed = page.Locator("#chart-rollout-failed");
        await failed.Locator("svg path.limit").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await failed.Locator("rect.hover").Nth(4).WaitForAsync();
        await failed.Locator("rect.hover").Last.HoverAsync();
        (await failed.Locator("[data-readout]").InnerTextAsync()).ShouldContain("limit 1 %");

        await page.GetByRole(AriaRole.Link, new() { Name = "Pause" }).ClickAsync();
        await page.ShouldBeWellMadeAsync("console-rollout-pause");
        await page.GetByRole(AriaRole.Link, new() { Name = "No, go back" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Abort" }).ClickAsync();
        await page.GetByLabel("Why?").FillAsync("seen enough");
        await page.GetByRole(AriaRole.Button, new() { Name = "Abort" }).ClickAsync();
        await page.GetByText("Aborted: seen enough").WaitForAsync();
        await page.Locator("#chart-rollout-clients rect.hover:last-of-type[data-values$='service 0 %']").WaitForAsync();
        await page.ShouldBeWellMadeAsync("console-rollout");

        await page.GotoAsync("/console/routes/history");
        await page.GetByRole(AriaRole.Link, new() { Name = "Undo" }).ClickAsync();
        await page.ShouldBeWellMadeAsync("console-restore");
    }

    /// <summary>A row of the copy that nobody wrote: told by a comparison row by row, by the shadow field by field.</summary>
    private async Task SeeADifferenceAsync(IPage page)
    {
        await page.GotoAsync("/console/moves/catalog/pace/throttle?rows=5000");
        await page.ShouldBeWellMadeAsync("console-pace");
        await shop.TamperAsync("Nobody’s brand");
        await page.GotoAsync("/console/moves/catalog");
        await DoAsync(page, "Compare all rows");
        var row = page.Locator("table.diff tbody tr", new() { HasTextString = "products" }).First;
        await row.WaitForAsync();
        (await row.Locator("td").AllInnerTextsAsync()).ShouldBe(["Brand", ConsoleShop.Brand, "Nobody’s brand"]);
        await page.ShouldBeWellMadeAsync("console-move-differs");

        await SetAsync(page, "Shadow: this host answers", "Set Shadow");
        await using (shop.Ask("/api/v1/catalog/products/KIT-0301"))
        {
            await page.Locator(".sample").First.WaitForAsync();
        }

        var field = page.Locator(".sample[open] .diff tbody tr", new() { HasTextString = "brand" });
        await Eventually.TrueAsync(
            async () =>
            {
                // The newest are shown, and what is still compared may take the place of one that is open.
                if (await page.Locator(".sample[open]").CountAsync() == 0)
                {
                    await page.Locator(".sample summary").First.ClickAsync();
                }

                return (await field.Locator("th, td").AllInnerTextsAsync()).SequenceEqual(["brand", $"\"{ConsoleShop.Brand}\"", "\"Nobody’s brand\""], StringComparer.Ordinal);
            },
            "the difference, field by field");
        await page.ShouldBeWellMadeAsync("console-shadow");

        await SetAsync(page, "Monolith: this host answers", "Set Monolith");
        await shop.TamperAsync(ConsoleShop.Brand);
        await page.GotoAsync("/console/moves/catalog");
    }

    /// <summary>While the move is paused, the way back is there, and says what keeps it from being gone.</summary>
    private static async Task SeeWhyNotAsync(IPage page)
    {
        await page.Locator("#do-pace").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await page.GetByText("It is paused.").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Reverse" }).ClickAsync();
        (await page.GetByText("Dry run:").InnerTextAsync()).ShouldContain("The move is paused");
        (await page.GetByRole(AriaRole.Button, new() { Name = "Reverse" }).CountAsync()).ShouldBe(0);
        await page.ShouldBeWellMadeAsync("console-move-not-now");
        await page.GetByRole(AriaRole.Link, new() { Name = "Go back" }).ClickAsync();
        await page.Locator("#do-pace").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await page.GetByText("Resumed.", new() { Exact = true }).WaitForAsync();
    }

    /// <summary>Another move, without a comparison before its reads are switched, to its end.</summary>
    private static async Task CompleteAnotherAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Move again" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin the move" }).ClickAsync();
        await ComesToAsync(page, "Running");
        await DoAsync(page, "Switch reads");
        await ComesToAsync(page, "Reads switched");
        (await page.Locator("ol.steps li.passed").InnerTextAsync()).ShouldStartWith("Verified");
        await DoAsync(page, "Compare all rows");
        await DoAsync(page, "Switch writes");
        await ComesToAsync(page, "Writes switched");
        await DoAsync(page, "Compare all rows");

        await page.GetByRole(AriaRole.Link, new() { Name = "Complete" }).ClickAsync();
        await page.Locator("[data-flag]").CheckAsync();
        (await page.Locator("[data-command]").InnerTextAsync()).ShouldBe("./shop move complete catalog --drop-now");
        await page.ShouldBeWellMadeAsync("console-move-complete");
        await page.GetByRole(AriaRole.Button, new() { Name = "Complete" }).ClickAsync();
        await ComesToAsync(page, "Completed");
        await page.ShouldBeWellMadeAsync("console-move-completed");
    }

    /// <summary>At first with what is no message, then with what is one.</summary>
    private static async Task MendAsync(IPage page, Guid letter)
    {
        await page.GetByLabel("JSON").FillAsync("{");
        await page.GetByLabel("Why is it changed?").FillAsync("the note was nonsense");
        await page.Locator("[data-flag]").CheckAsync();
        var command = $"./shop messages edit Shipping --id {letter} --data letter.json --force --reason \"the note was nonsense\"";
        (await page.Locator("[data-command]").InnerTextAsync()).ShouldBe(command);
        await page.GetByRole(AriaRole.Button, new() { Name = "Handle again with this data" }).ClickAsync();
        await page.GetByRole(AriaRole.Alert).WaitForAsync();
        (await page.Locator("[data-command]").InnerTextAsync()).ShouldBe(command);
        await page.ShouldBeWellMadeAsync("console-letter-refused");

        await page.GetByLabel("JSON").FillAsync($$"""{"orderId":"{{Guid.CreateVersion7()}}"}""");
        await page.GetByRole(AriaRole.Button, new() { Name = "Handle again with this data" }).ClickAsync();
    }

    private static async Task SetAsync(IPage page, string mode, string button)
    {
        await page.GotoAsync("/console/routes/Catalog.GetProduct");
        await page.GetByLabel(mode).CheckAsync();
        await page.Locator("form[action$='/set'] button").ClickAsync();
        await page.GetByLabel("Why?").FillAsync("to compare the answers");
        await page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
        await page.WaitForURLAsync("**/console/routes/Catalog.GetProduct");
    }
}
