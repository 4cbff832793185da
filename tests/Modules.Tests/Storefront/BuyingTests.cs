using System.Net;

namespace Modules.Tests.Storefront;

/// <summary>From a cart to an order, by forms alone.</summary>
[Collection(Shop.Name)]
public sealed class BuyingTests(ShopFixture shop)
{
    [Fact]
    public async Task A_cart_filled_by_a_stranger_is_the_customers_after_registering_and_becomes_an_order()
    {
        var sku = await shop.AddProductAsync(price: 1250);
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.AddToCartAsync(sku, 2);
        (await visitor.GetAsync("/cart")).ShouldContain("25.00 EUR");
        await visitor.RegisterAsync();
        (await visitor.GetAsync("/cart")).ShouldContain($"/products/{sku}");

        var address = await visitor.PostAsync("/checkout", ("order", await visitor.CheckOutAsync()));

        await Eventually.TrueAsync(
            async () => (await visitor.GetAsync(address)).Contains("class=\"tag good\"", StringComparison.Ordinal), "the order to be confirmed", TimeSpan.FromSeconds(60));
        (await visitor.GetAsync("/orders")).ShouldContain(address);
        (await visitor.RedirectedAsync("/checkout")).ShouldBe(address, "the way back leads to the order");
        (await visitor.RedirectedAsync("/checkout/review")).ShouldBe(address);
    }

    [Fact]
    public async Task An_order_is_followed_by_its_customer_and_by_nobody_else()
    {
        using var client = shop.Anonymous();
        using var visitor = new PageVisitor(client);
        await visitor.RegisterAsync();
        await visitor.AddToCartAsync(await shop.AddProductAsync());
        var address = new Uri(await visitor.PostAsync("/checkout", ("order", await visitor.CheckOutAsync())) + "/live", UriKind.Relative);
        using (var own = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead))
        {
            own.StatusCode.ShouldBe(HttpStatusCode.OK);
            own.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        }

        using var stranger = shop.Anonymous();
        await stranger.GetAsync(address).ShouldHaveStatusAsync(401);
        using var other = new PageVisitor(stranger);
        await other.RegisterAsync();
        using var refused = await stranger.GetAsync(address);
        refused.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("request.not_found");
    }

    [Fact]
    public async Task An_order_that_is_sent_twice_at_once_and_again_later_is_one_order()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.RegisterAsync();
        await visitor.AddToCartAsync(await shop.AddProductAsync());
        var order = await visitor.CheckOutAsync();

        var addresses = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => visitor.PostAsync("/checkout", ("order", order))));
        addresses.Append(await visitor.PostAsync("/checkout", ("order", order))).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();

        PageVisitor.OrdersOn(await visitor.GetAsync("/orders")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_declined_card_says_why_and_the_products_are_in_the_cart_again()
    {
        var sku = await shop.AddProductAsync();
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.RegisterAsync();
        await visitor.AddToCartAsync(sku);
        var address = await visitor.PostAsync("/checkout", ("order", await visitor.CheckOutAsync(Shopper.DeclinedCard)));
        await Eventually.TrueAsync(
            async () => (await visitor.GetAsync(address)).Contains("in your cart again", StringComparison.Ordinal), "the cart to be filled again", TimeSpan.FromSeconds(60));
        visitor.Page.ShouldContain("The card was declined");
        (await visitor.GetAsync("/cart")).ShouldContain($"/products/{sku}");
    }

    [Fact]
    public async Task A_cart_that_changed_before_paying_is_shown_as_it_is_and_nothing_is_ordered()
    {
        var sku = await shop.AddProductAsync(price: 1000);
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.RegisterAsync();
        await visitor.AddToCartAsync(sku);
        var order = await visitor.CheckOutAsync();
        await visitor.AddToCartAsync(sku);
        await visitor.GetAsync("/checkout/review");
        await visitor.RefusedAsync(409, "/checkout", ("order", order));
        visitor.Page.ShouldContain("nothing was placed yet");
        visitor.Page.ShouldContain("20.00 EUR");
        (await visitor.GetAsync("/orders")).ShouldContain("You have not ordered anything yet");
    }

    [Fact]
    public async Task An_order_that_the_shop_has_not_written_is_not_placed()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.RegisterAsync();
        await visitor.AddToCartAsync(await shop.AddProductAsync());
        await visitor.CheckOutAsync();
        (await visitor.RefusedAsync(400, "/checkout", ("order", "{\"AcceptedTotal\":1}"))).ShouldContain("nothing was placed");
    }

    [Fact]
    public async Task A_card_that_cannot_be_is_told_beside_its_fields_and_is_not_shown_again()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.RegisterAsync();
        await visitor.AddToCartAsync(await shop.AddProductAsync());
        await visitor.CheckOutAsync();
        await visitor.GetAsync("/checkout/payment");
        await visitor.RefusedAsync(400, "/checkout/payment", ("service", "standard"), ("number", "4242424242424241"), ("expiry", "12/30"), ("cvc", "987"));
        visitor.Page.ShouldContain("one of them is wrong or missing");
        visitor.Page.ShouldNotContain("4242424242424241");
        visitor.Page.ShouldNotContain("\"987\"");
        (await visitor.RefusedAsync(400, "/checkout/payment", ("service", "standard"), ("number", "4242424242424242"), ("expiry", "soon"), ("cvc", "123"))).ShouldContain("such as 09/30");
    }

    [Fact]
    public async Task An_empty_cart_is_told_so()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.RegisterAsync();
        (await visitor.RedirectedAsync("/checkout")).ShouldBe("/cart");
        (await visitor.GetAsync("/cart")).ShouldContain("your cart is empty");
    }

    [Fact]
    public async Task What_is_sold_out_or_not_enough_or_sold_no_more_is_not_put_into_the_cart()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        var few = await shop.AddProductAsync(stock: 2);
        await visitor.AddToCartAsync(few);
        await visitor.GetAsync($"/products/{few}");
        (await visitor.RefusedAsync(409, "/cart/lines", ("sku", few), ("quantity", "2"))).ShouldContain("Only 2 left");
        (await visitor.RefusedAsync(400, "/cart/lines", ("sku", few), ("quantity", "none"))).ShouldContain("A quantity is a whole number");
        (await visitor.RefusedAsync(409, "/cart/lines", ("sku", await shop.AddProductAsync(stock: 0)), ("quantity", "1"))).ShouldContain("sold out");

        var past = await shop.AddProductAsync();
        using var operators = shop.Operator();
        await operators.PostAsync(new Uri($"/api/v1/catalog/products/{past}/discontinue", UriKind.Relative), null).ShouldHaveStatusAsync(204);
        await visitor.GetAsync($"/products/{past}");
        visitor.Page.ShouldContain("No longer sold");
        visitor.Page.ShouldNotContain("Add to cart");
        // A page that was open before.
        await visitor.GetAsync($"/products/{few}");
        (await visitor.RefusedAsync(409, "/cart/lines", ("sku", past), ("quantity", "1"))).ShouldContain("is no longer sold");
    }

    [Fact]
    public async Task A_window_that_is_behind_says_so_and_shows_the_cart_as_it_is()
    {
        var (first, second) = (await shop.AddProductAsync(), await shop.AddProductAsync());
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.AddToCartAsync(first);
        await visitor.AddToCartAsync(second);
        await visitor.GetAsync("/cart");
        (await visitor.PostAsync($"/cart/lines/{first}/remove")).ShouldBe("/cart");
        (await visitor.RefusedAsync(409, $"/cart/lines/{first}", ("quantity", "3"))).ShouldContain("not in your cart any more");
        visitor.Page.ShouldContain($"/products/{second}");
        visitor.Page.ShouldNotContain($"/products/{first}");
    }

    [Fact]
    public async Task Windows_that_add_the_same_product_at_once_all_add_it()
    {
        var sku = await shop.AddProductAsync();
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.AddToCartAsync(sku);
        await visitor.GetAsync($"/products/{sku}");

        (await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => visitor.PostAsync("/cart/lines", ("sku", sku), ("quantity", "1"))))).ShouldAllBe(to => to == "/cart");

        (await visitor.GetAsync("/cart")).ShouldContain("class=\"count\">7");
    }

    [Fact]
    public async Task A_quantity_that_another_window_has_changed_is_shown_as_it_is_and_not_written_over()
    {
        var sku = await shop.AddProductAsync();
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.AddToCartAsync(sku);
        (await visitor.GetAsync("/cart")).ShouldContain("name=\"seen\" value=\"1\"");
        await visitor.AddToCartAsync(sku);
        await visitor.GetAsync("/cart");

        (await visitor.RefusedAsync(409, $"/cart/lines/{sku}", ("quantity", "5"), ("seen", "1"))).ShouldContain("changed in another window");

        visitor.Page.ShouldContain("name=\"seen\" value=\"2\"");
        (await visitor.PostAsync($"/cart/lines/{sku}", ("quantity", "5"), ("seen", "2"))).ShouldBe("/cart");
        (await visitor.GetAsync("/cart")).ShouldContain("class=\"count\">5");
    }

    [Fact]
    public async Task A_form_that_names_no_product_is_refused()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        await visitor.GetAsync("/login");
        (await visitor.RefusedAsync(400, "/cart/lines", ("sku", " "), ("quantity", "1"))).ShouldContain("No product was named.");
    }

    [Fact]
    public async Task An_operator_has_a_password_to_change_and_nothing_to_check_out()
    {
        using var visitor = new PageVisitor(shop.Operator());
        (await visitor.GetAsync("/account")).ShouldContain("logged in as an operator");
        visitor.Page.ShouldNotContain("/account/profile");
        await visitor.AddToCartAsync(await shop.AddProductAsync());
        (await visitor.GetAsync("/cart")).ShouldContain("Operators do not order");
        await visitor.GetAsync("/checkout", 403);
        await visitor.GetAsync("/orders", 403);
    }
}
