using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Modules.Tests.Storefront;

/// <summary>Orders of which nobody has told the customer in time whether they are placed.</summary>
public sealed class LostAnswersTests(LostAnswersTests.ShopThatForgetsToAnswer shop) : IClassFixture<LostAnswersTests.ShopThatForgetsToAnswer>
{
    [Fact]
    public async Task An_order_whose_answer_is_lost_once_is_shown_like_any_other()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        var order = await ToTheLastLookAsync(visitor);
        shop.Lose(answers: 1, isPlaced: true);

        var address = await visitor.PostAsync("/checkout", ("order", order));

        address.ShouldStartWith("/orders/");
        (await visitor.RedirectedAsync("/checkout")).ShouldBe(address);
    }

    [Fact]
    public async Task Who_is_never_told_is_sent_to_their_orders_and_paying_again_makes_no_other()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        var order = await ToTheLastLookAsync(visitor);
        shop.Lose(answers: 2, isPlaced: true);

        (await visitor.PostAsync("/checkout", ("order", order))).ShouldBe("/orders");
        (await visitor.GetAsync("/orders")).ShouldContain("has not said whether your order is placed");

        var address = await visitor.PostAsync("/checkout", ("order", order));
        (await visitor.GetAsync("/orders")).ShouldContain(address);
        PageVisitor.OrdersOn(visitor.Page).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_order_that_may_not_have_been_placed_is_offered_again_and_is_placed_once()
    {
        using var visitor = new PageVisitor(shop.Anonymous());
        var order = await ToTheLastLookAsync(visitor);
        shop.Lose(answers: 2, isPlaced: false);

        (await visitor.RefusedAsync(503, "/checkout", ("order", order))).ShouldContain("has not said whether your order is placed");

        PageVisitor.OrderOn(visitor.Page).ShouldBe(order);
        (await visitor.PostAsync("/checkout", ("order", order))).ShouldStartWith("/orders/");
    }

    private async Task<string> ToTheLastLookAsync(PageVisitor visitor)
    {
        await visitor.RegisterAsync();
        await visitor.AddToCartAsync(await shop.AddProductAsync());
        return await visitor.CheckOutAsync();
    }

    /// <summary>Answers to a checkout that do not arrive, as when nobody has the time to wait for them.</summary>
    public sealed class ShopThatForgetsToAnswer : ShopFixture, IAuthorizationMiddlewareResultHandler
    {
        private readonly AuthorizationMiddlewareResultHandler _others = new();
        private int _toLose;
        private bool _isPlaced;

        /// <param name="isPlaced">Whether the order is placed before its answer is lost.</param>
        internal void Lose(int answers, bool isPlaced) => (_toLose, _isPlaced) = (answers, isPlaced);

        public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
        {
            var isLost = context.Request.Path.StartsWithSegments("/api/v1/ordering/carts", StringComparison.Ordinal)
                && context.Request.Path.Value!.EndsWith("/checkout", StringComparison.Ordinal) && Interlocked.Decrement(ref _toLose) >= 0;
            if (!isLost || _isPlaced)
            {
                await _others.HandleAsync(next, context, policy, authorizeResult);
            }

            if (isLost)
            {
                throw new OperationCanceledException("Nobody has waited for it.");
            }
        }

        protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton<IAuthorizationMiddlewareResultHandler>(this);
    }
}
