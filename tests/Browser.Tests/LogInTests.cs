namespace Browser.Tests;

[Collection(Browsing.Name)]
public sealed class LogInTests(BrowserShop shop)
{
    [BrowserFact]
    public async Task Who_logs_in_is_greeted_and_who_logs_out_is_a_stranger()
    {
        await using var visitor = await shop.VisitAsync();
        await visitor.LogInAsCustomerAsync();
        await visitor.Page.GetByText("Dana Demo").WaitForAsync();

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Log out" }).ClickAsync();

        await visitor.Page.GetByText("You are logged out.").WaitForAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Log in" }).WaitForAsync();
        (await visitor.Context.CookiesAsync()).ShouldNotContain(c => c.Name == "shop-access" || c.Name == "shop-refresh");
    }

    [BrowserFact]
    public async Task A_wrong_password_is_refused_and_the_email_kept()
    {
        await using var visitor = await shop.VisitAsync();
        await visitor.Page.GotoAsync("/login?return=/cart");
        await visitor.Page.GetByLabel("Email").FillAsync("demo@modularshop.example");
        await visitor.Page.GetByLabel("Password").FillAsync("wrong");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();

        (await visitor.Page.GetByRole(AriaRole.Alert).InnerTextAsync()).ShouldBe("Email or password is wrong.");
        (await visitor.Page.GetByLabel("Email").InputValueAsync()).ShouldBe("demo@modularshop.example");
        (await visitor.Page.GetByLabel("Password").InputValueAsync()).ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task The_log_in_page_is_well_made()
    {
        await using var visitor = await shop.VisitAsync();
        await visitor.Page.GotoAsync("/login");
        await visitor.Page.ShouldBeWellMadeAsync("login");
    }
}
