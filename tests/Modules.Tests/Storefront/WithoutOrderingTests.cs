using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Modules.Tests.Storefront;

/// <summary>Pages that need nothing of Ordering but the number beside the cart do without it.</summary>
public sealed class WithoutOrderingTests(WithoutOrderingTests.ShopWithOrderingElsewhere shop) : IClassFixture<WithoutOrderingTests.ShopWithOrderingElsewhere>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pages_answer_while_Ordering_is_silent_or_fails(bool isSilent)
    {
        var sku = await shop.AddProductAsync();
        using var visitor = new PageVisitor(shop.Anonymous());
        await shop.SetOrderingAsync("Monolith");
        await visitor.AddToCartAsync(sku);
        (await visitor.GetAsync("/")).ShouldContain("class=\"count\"");

        shop.Service.Answer = isSilent ? HangAsync : http =>
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        };
        await shop.SetOrderingAsync("Service");
        foreach (var address in new[] { "/", "/products", $"/products/{sku}", "/login" })
        {
            var waited = Stopwatch.StartNew();
            (await visitor.GetAsync(address)).ShouldNotContain("class=\"count\"");
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(8));
        }

        if (!isSilent)
        {
            (await visitor.GetAsync("/cart", 503)).ShouldContain("A moment, please");
        }
    }

    [Fact]
    public async Task A_page_says_at_its_foot_which_service_answered()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        await shop.SetOrderingAsync("Monolith");
        await visitor.AddToCartAsync(await shop.AddProductAsync());
        (await visitor.GetAsync("/")).ShouldContain("Answered by catalog: monolith, ordering: monolith");

        shop.Service.Answer = http => http.Response.WriteAsJsonAsync(new
        {
            id = Guid.CreateVersion7(), status = "open", lines = new[] { new { sku = "A", name = "A", unitPrice = Cents(100), quantity = 7, total = Cents(700) } },
            total = Cents(700), address = (object?)null,
        });
        await shop.SetOrderingAsync("Service");

        (await visitor.GetAsync("/")).ShouldContain("Answered by catalog: monolith, ordering: ordering-service");
        visitor.Page.ShouldContain("class=\"count\">7");

        static object Cents(int amount) => new { amount, currency = "EUR" };
    }

    [Fact]
    public async Task What_a_page_asks_is_compared_in_the_mode_Shadow_like_any_request()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        await shop.SetOrderingAsync("Monolith");
        await visitor.AddToCartAsync(await shop.AddProductAsync());
        shop.Service.Answer = http => http.Response.WriteAsJsonAsync(new { status = "another" });
        await shop.SetOrderingAsync("Shadow");

        (await visitor.GetAsync("/cart")).ShouldContain("Answered by catalog: monolith, ordering: monolith");

        using var operators = shop.Operator();
        await Eventually.TrueAsync(
            async () => (await operators.GetAsync("/api/v1/routes/Ordering.GetCart/shadow").ShouldBeAsync(200))["different"]!.GetValue<long>() > 0, "the difference to be counted");
    }

    private static async Task HangAsync(HttpContext http)
    {
        var givenUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (http.RequestAborted.Register(givenUp.SetResult))
        {
            await givenUp.Task;
        }
    }

    public sealed class ShopWithOrderingElsewhere() : ShopWithDouble("Ordering")
    {
        /// <summary>Who answers what is in a cart.</summary>
        public Task SetOrderingAsync(string mode) => SetAsync("Ordering.GetCart", mode);
    }
}
