namespace Modules.Tests.Storefront;

[Collection(Shop.Name)]
public sealed class AccountTests(ShopFixture shop)
{
    private const string Ticked = "name=\"marketing\" value=\"yes\" checked";

    [Fact]
    public async Task A_consent_that_is_withdrawn_stays_so_while_something_else_is_put_right()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.RegisterAsync();
        await visitor.GetAsync("/account");
        await visitor.PostAsync("/account/preferences", ("language", "en"), ("currency", "EUR"), ("marketing", "yes"));
        (await visitor.GetAsync("/account")).ShouldContain(Ticked);

        (await visitor.RefusedAsync(400, "/account/preferences", ("language", "mistyped"), ("currency", "EUR"))).ShouldNotContain(Ticked);
        (await visitor.RefusedAsync(400, "/account/profile", ("name", ""))).ShouldContain(Ticked, customMessage: "another form's refusal says nothing of this one");
    }
}
