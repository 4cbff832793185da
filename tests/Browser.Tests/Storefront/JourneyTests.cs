namespace Browser.Tests.Storefront;

/// <summary>What customers do, from beginning to end.</summary>
[Collection(Browsing.Name)]
public sealed class JourneyTests(BrowserShop shop)
{
    [BrowserFact]
    public async Task Somebody_finds_something_by_keyboard_opens_an_account_pays_and_sees_the_order_confirmed()
    {
        await using var visitor = await shop.VisitAsync();
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Search products" }).FillAsync("dinner plate");
        await page.GetByRole(AriaRole.Option, new() { Name = "Stoneware Dinner Plate" }).WaitForAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**" + Customer.Plate);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add to cart" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "To the checkout" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Open an account" }).ClickAsync();
        await page.RegisterAsync(from: null);
        await page.WaitForURLAsync("**/checkout");
        await page.GiveAddressAsync();
        await page.GiveCardAsync();
        await page.PayButton().ClickAsync();

        await page.GetByText("Thank you! Your order").WaitForAsync();
        await page.EvaluateAsync("window.hasStayed = true");
        await page.Locator(".status .tag.good").WaitForAsync();
        (await page.EvaluateAsync<bool>("window.hasStayed === true")).ShouldBeTrue("the page followed without being loaded again");
        (await page.GetByRole(AriaRole.Link, new() { Name = "Cart" }).InnerTextAsync()).Trim().ShouldBe("Cart");
    }

    [BrowserFact]
    public async Task A_pay_button_that_is_clicked_twice_makes_one_order_and_the_back_button_leads_to_it()
    {
        await using var visitor = await shop.VisitAsync();
        var page = visitor.Page;
        await page.ComeToPayAsync();
        await page.PayButton().DblClickAsync();
        await page.WaitForURLAsync("**/orders/*");
        var order = page.Url;

        await page.GoBackAsync();
        await page.WaitForURLAsync("**/orders/*");
        page.Url.ShouldBe(order);
        (await page.OrdersAsync()).ShouldBe(1);
    }

    [BrowserFact]
    public async Task A_declined_card_is_told_as_it_happens_and_another_one_can_be_tried()
    {
        await using var visitor = await shop.VisitAsync();
        var page = visitor.Page;
        await page.ComeToPayAsync(Customer.DeclinedCard);
        await page.PayButton().ClickAsync();
        await page.GetByText("The card was declined. Nothing was charged; try another card.").First.WaitForAsync();
        await page.GetByText("Your products are in your cart again.").WaitForAsync();
        await page.ShouldBeWellMadeAsync("order-rejected");

        await page.GetByRole(AriaRole.Link, new() { Name = "To the cart" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "To the checkout" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on to delivery" }).ClickAsync();
        await page.GiveCardAsync();
        await page.PayButton().ClickAsync();
        await page.Locator(".status .tag.good").WaitForAsync();
        (await page.OrdersAsync()).ShouldBe(2);
    }

    [BrowserFact]
    public async Task Of_two_tabs_with_one_cart_the_one_that_is_behind_says_so()
    {
        await using var visitor = await shop.VisitAsync();
        var (one, other) = (visitor.Page, await visitor.Context.NewPageAsync());
        await one.AddToCartAsync(Customer.Plate, 2);
        await other.GotoAsync("/cart");
        await one.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await one.GetByText("There is nothing in it yet.").WaitForAsync();

        await other.GetByLabel("Quantity of Stoneware Dinner Plate").FillAsync("5");
        await other.GetByRole(AriaRole.Button, new() { Name = "Change" }).ClickAsync();
        (await other.GetByRole(AriaRole.Alert).InnerTextAsync()).ShouldContain("not in your cart any more");
        await other.GetByText("There is nothing in it yet.").WaitForAsync();
    }

    [BrowserFact]
    public async Task Two_tabs_that_add_the_same_at_once_both_add_it()
    {
        await using var visitor = await shop.VisitAsync();
        var (one, other) = (visitor.Page, await visitor.Context.NewPageAsync());
        await one.AddToCartAsync(Customer.Plate);
        foreach (var page in new[] { one, other })
        {
            await page.GotoAsync(Customer.Plate);
        }

        await Task.WhenAll(new[] { one, other }.Select(async page =>
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Add to cart" }).ClickAsync();
            await page.WaitForURLAsync("**/cart");
        }));

        await one.GotoAsync("/cart");
        (await one.GetByLabel("Quantity of Stoneware Dinner Plate").InputValueAsync()).ShouldBe("3");
    }

    [BrowserFact]
    public async Task Everything_works_where_no_script_runs()
    {
        await using var visitor = await shop.VisitAsync(withScript: false, width: 390);
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.GetByLabel("Search products").FillAsync("plate");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Stoneware Dinner Plate" }).ClickAsync();
        await page.WaitForURLAsync("**" + Customer.Plate);
        await page.ComeToPayAsync();
        await page.PayButton().ClickAsync();
        await page.WaitForURLAsync("**/orders/*");
        await page.GetByRole(AriaRole.Heading, new() { Name = "What has happened" }).WaitForAsync();
    }

    [BrowserFact]
    public async Task Suggestions_close_with_Escape_and_what_was_typed_is_searched_with_Enter()
    {
        await using var visitor = await shop.VisitAsync();
        var (page, suggestions) = (visitor.Page, visitor.Page.GetByRole(AriaRole.Listbox, new() { Name = "Suggestions" }));
        await page.GotoAsync("/");
        var search = page.GetByRole(AriaRole.Combobox, new() { Name = "Search products" });
        await search.FillAsync("lamp");
        await suggestions.WaitForAsync();
        (await search.GetAttributeAsync("aria-expanded")).ShouldBe("true");
        await page.ShouldBeWellMadeAsync("suggestions");
        await search.PressAsync("Escape");
        (await suggestions.IsVisibleAsync()).ShouldBeFalse();
        (await search.InputValueAsync()).ShouldBe("lamp");
        await search.PressAsync("Enter");
        await page.WaitForURLAsync("**/products?search=lamp");
    }
}
