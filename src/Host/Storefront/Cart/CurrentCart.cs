using ModularShop.Host.Pages;

namespace ModularShop.Host.Storefront;

/// <summary>The cart of whoever looks: a customer's own, else the one in the cookie.</summary>
internal static class CurrentCart
{
    /// <summary>A number in the header is not worth waiting for longer.</summary>
    private static readonly TimeSpan CountPatience = TimeSpan.FromSeconds(1);

    /// <summary>A cart follows its customer's log-in by a message; longer than that nobody is kept waiting for it.</summary>
    private static readonly TimeSpan MergePatience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan MergePace = TimeSpan.FromMilliseconds(40);

    /// <summary>Null where there is none, or none that is open.</summary>
    public static async Task<CartDetails?> ReadAsync(Visit visit, TimeSpan? patience = null)
    {
        if (AddressOf(visit) is not { } address)
        {
            return Remember(visit, null);
        }

        var cart = (await visit.Api.GetAsync<CartDetails>(address, patience)).OrNone();
        return Remember(visit, cart is { IsOpen: true } ? cart : null);
    }

    /// <summary>Makes one where there is none.</summary>
    public static async Task<CartDetails> OpenAsync(Visit visit)
    {
        if (!visit.IsCustomer && await ReadAsync(visit) is { } cart)
        {
            return cart;
        }

        var opened = (await visit.Api.PostAsync<CartDetails>("/api/v1/ordering/carts")).Needed();
        if (!visit.IsCustomer)
        {
            AnonymousCart.Keep(visit.Http, opened.Id);
        }

        return Remember(visit, opened)!;
    }

    /// <summary>What the last answer said, so that the header need not ask again.</summary>
    public static CartDetails? Remember(Visit visit, CartDetails? cart)
    {
        visit.Http.Features.Set(new Known(cart));
        return cart;
    }

    /// <summary>How many pieces are in it; null where nobody can say at the moment.</summary>
    public static async Task<int?> CountAsync(Visit visit)
    {
        if (visit.Http.Features.Get<Known>() is not { } known)
        {
            try
            {
                known = new Known(await ReadAsync(visit, CountPatience));
            }
            catch (Exception e) when (e is ApiRefusedException or TimeoutException)
            {
                return null;
            }
        }

        return known.Cart?.Pieces ?? 0;
    }

    /// <summary>After a log-in: waits until the cart filled before it is part of the customer's own.</summary>
    public static async Task FollowAsync(Visit visit)
    {
        if (AnonymousCart.Of(visit.Http) is not { } anonymous)
        {
            return;
        }

        try
        {
            await FollowAsync(visit, anonymous);
        }
        catch (TimeoutException)
        {
            // They are logged in; the cart's page says what has not come along.
        }
    }

    /// <summary>Of a customer: what they chose before logging in and is not in their cart; null where nothing is.</summary>
    public static async Task<CartDetails?> LeftBehindAsync(Visit visit)
    {
        if (!visit.IsCustomer || AnonymousCart.Of(visit.Http) is not { } anonymous)
        {
            return null;
        }

        var answer = await visit.Api.GetAsync<CartDetails>(Address(anonymous));
        if (IsOver(answer))
        {
            AnonymousCart.Forget(visit.Http);
            return null;
        }

        return answer.Value;
    }

    public static string Address(Guid cart) => $"/api/v1/ordering/carts/{cart}";

    private static async Task FollowAsync(Visit visit, Guid anonymous)
    {
        // An operator has no cart of their own that this one could become part of.
        if ((await visit.Api.GetAsync<CartDetails>("/api/v1/ordering/carts/mine", MergePatience)).Status == StatusCodes.Status403Forbidden)
        {
            return;
        }

        var time = visit.Http.RequestServices.GetRequiredService<TimeProvider>();
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < MergePatience; await Task.Delay(MergePace, time, visit.Http.RequestAborted))
        {
            var answer = await visit.Api.GetAsync<CartDetails>(Address(anonymous), MergePatience);
            if (IsOver(answer))
            {
                AnonymousCart.Forget(visit.Http);
                return;
            }

            if (answer.Problem is not null)
            {
                return;
            }
        }
    }

    /// <summary>It is known that there is nothing in it any more.</summary>
    private static bool IsOver(ApiAnswer<CartDetails> answer) =>
        answer.Status == StatusCodes.Status404NotFound || answer.Value is { } cart && (!cart.IsOpen || cart.Lines.Count == 0);

    private static string? AddressOf(Visit visit) =>
        visit.IsCustomer ? "/api/v1/ordering/carts/mine" : AnonymousCart.Of(visit.Http) is { } anonymous ? Address(anonymous) : null;

    private sealed record Known(CartDetails? Cart);
}
