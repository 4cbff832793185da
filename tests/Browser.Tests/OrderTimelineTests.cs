using Browser.Tests.Storefront;

namespace Browser.Tests;

[Collection(Browsing.Name)]
public sealed class OrderTimelineTests(BrowserShop shop)
{
    private static readonly string Trace = $"{Guid.CreateVersion7():N}";

    [BrowserFact]
    public async Task What_was_undone_for_an_order_whose_card_was_declined_is_on_one_line_of_time_with_its_reason()
    {
        await using var customer = await shop.VisitAsync();
        await customer.Page.ComeToPayAsync(Customer.DeclinedCard);
        await customer.Context.SetExtraHTTPHeadersAsync([KeyValuePair.Create("traceparent", $"00-{Trace}-b7ad6b7169203331-01")]);
        await customer.Page.PayButton().ClickAsync();
        await customer.Page.GetByText("Your products are in your cart again.").WaitForAsync();
        var order = new Uri(customer.Page.Url).AbsolutePath;

        await using var visitor = await shop.VisitAsync();
        var page = visitor.Page;
        await visitor.LogInAsOperatorAsync();
        await page.GotoAsync("/console/orders?status=rejected");
        await page.ShouldBeWellMadeAsync("console-orders-rejected");
        await page.Locator($"a[href='/console{order}']").ClickAsync();

        var undone = page.Locator(".timeline li.undo");
        await undone.First.WaitForAsync();
        (await undone.First.InnerTextAsync()).ShouldContain("Stock released");
        (await page.Locator(".facts").InnerTextAsync()).ShouldContain("Declined");
        var times = await page.Locator(".timeline time").EvaluateAllAsync<string[]>("all => all.map(t => t.dateTime)");
        times.Length.ShouldBeGreaterThan(4);
        times.ShouldBeInOrder();
        await page.ShouldBeWellMadeAsync("console-order");

        await page.GotoAsync("/console/messages");
        await page.GetByLabel("Trace id").FillAsync(Trace);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await page.Locator("td", new() { HasTextString = "Payments.AuthorisePayment" }).First.WaitForAsync();
        await page.ShouldBeWellMadeAsync("console-journey-rows");
    }
}
