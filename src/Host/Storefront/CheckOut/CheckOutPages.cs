using ModularShop.Host.Pages;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Storefront;

/// <summary>From the cart to an order: where to, how and with which card, and a last look before paying. Each step is a page.</summary>
internal static class CheckOutPages
{
    private static readonly ApiProblem Unknown = new(
        StatusCodes.Status503ServiceUnavailable, "unknown", "The shop has not said whether your order is placed. Pay again: however often you do, it is placed and paid once.");

    public static void MapCheckOut(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/checkout", AddressAsync).WithName("Storefront.CheckOutAddressPage").ForCustomers();
        pages.MapPost("/checkout/address", ChooseAddressAsync).WithName("Storefront.ChooseAddress").ForCustomers();
        pages.MapGet("/checkout/payment", (Visit visit) => PaymentAsync(visit, problem: null)).WithName("Storefront.CheckOutPaymentPage").ForCustomers();
        pages.MapPost("/checkout/payment", ChoosePaymentAsync).WithName("Storefront.ChoosePayment").ForCustomers();
        pages.MapGet("/checkout/review", (Visit visit) => ReviewAsync(visit, problem: null)).WithName("Storefront.CheckOutReviewPage").ForCustomers();
        pages.MapPost("/checkout", PlaceAsync).WithName("Storefront.PlaceOrder").ForCustomers();
        pages.MapFormsOf("/checkout", "/checkout/address");
    }

    private static async Task<IResult> AddressAsync(Visit visit)
    {
        if (await CurrentCart.ReadAsync(visit) is not { Lines.Count: > 0 } cart)
        {
            return await NothingToBuyAsync(visit);
        }

        var saved = await SavedAsync(visit);
        var given = saved.FirstOrDefault(a => a.Postal == cart.Address);
        var typed = cart.Address is { } address && given is null ? new AddressForm(address) : AddressForm.For(visit);
        return ShowAddress(visit, new AddressStep(cart, saved, cart.Address is null ? saved.FirstOrDefault(a => a.IsDefault)?.Id : given?.Id, typed, IsToSave: false));
    }

    private static async Task<IResult> ChooseAddressAsync(Visit visit, IFormCollection form)
    {
        if (await CurrentCart.ReadAsync(visit) is not { Lines.Count: > 0 } cart)
        {
            return await NothingToBuyAsync(visit);
        }

        var (chosen, toSave) = (Guid.TryParse(form["saved"], out var id) ? id : (Guid?)null, form["save"] == "yes");
        var typed = AddressForm.Read(form);
        var answer = await visit.Api.PutAsync<CartDetails>(CurrentCart.Address(cart.Id) + "/address", chosen is null ? (object)new { address = typed } : new { addressId = chosen });
        if (answer.Refusal() is { } problem)
        {
            return ShowAddress(visit, new AddressStep(cart, await SavedAsync(visit), chosen, new AddressForm(typed, problem), toSave));
        }

        answer.Needed();
        var kept = chosen is null && toSave ? await visit.Api.PostAsync<SavedAddress>("/api/v1/customers/me/addresses", typed) : null;
        return visit.Go("/checkout/payment", kept?.Problem is { } refused ? $"The address is used, but could not be saved: {refused.Detail}" : null);
    }

    private static async Task<IResult> PaymentAsync(Visit visit, ApiProblem? problem, string? service = null)
    {
        if (await CurrentCart.ReadAsync(visit) is not { Lines.Count: > 0 } cart)
        {
            return await NothingToBuyAsync(visit);
        }

        if (cart.Address is not { } address)
        {
            return visit.Go("/checkout");
        }

        var rates = (await RatesAsync(visit, cart.Id, address)).Needed().Items;
        return visit.Show<PaymentPage, PaymentStep>(
            new PaymentStep(cart, address, rates, service ?? CheckOutChoices.Of(visit.Http)?.Service ?? rates.FirstOrDefault()?.Service, problem), problem?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> ChoosePaymentAsync(Visit visit, IFormCollection form)
    {
        var service = form["service"].ToString();
        var card = CardForm.Read(form);
        if (card.Problem is not null || service.Length == 0)
        {
            return await PaymentAsync(visit, card.Problem ?? new ApiProblem(400, "service", "Please choose how it is to be sent."), service);
        }

        var answer = await visit.Api.PostAsync<CardToken>("/api/v1/payments/cards", card.Card);
        if (answer.Problem is { } problem)
        {
            return await PaymentAsync(visit, problem, service);
        }

        CheckOutChoices.Keep(visit.Http, new CheckOutChoices(service, answer.Needed()));
        return visit.Go("/checkout/review");
    }

    /// <param name="again">An order whose fate is not known: it is offered again with its key, and is placed once.</param>
    private static async Task<IResult> ReviewAsync(Visit visit, ApiProblem? problem, string? again = null)
    {
        if (await CurrentCart.ReadAsync(visit) is not { Lines.Count: > 0 } cart)
        {
            return again is null ? await NothingToBuyAsync(visit) : visit.Go("/orders", "The shop has not said whether your order is placed. If it is, you find it here.");
        }

        if (cart.Address is not { } address)
        {
            return visit.Go("/checkout");
        }

        if (CheckOutChoices.Of(visit.Http) is not { } choices)
        {
            return visit.Go("/checkout/payment");
        }

        var rates = (await RatesAsync(visit, cart.Id, address)).Needed().Items;
        if (rates.FirstOrDefault(r => r.Service == choices.Service) is not { } rate)
        {
            return visit.Go("/checkout/payment", "Please choose how it is to be sent.");
        }

        var order = again ?? Sealed.Close(visit.Http, new OrderToPlace(cart.Id, rate.Service, choices.Card.Token, address, rate.Total, Guid.CreateVersion7().ToString()));
        return visit.Show<ReviewPage, ReviewStep>(new ReviewStep(cart, address, rate, choices.Card, order, problem), problem?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> PlaceAsync(Visit visit, IFormCollection form)
    {
        var text = form["order"].ToString();
        if (Sealed.Open<OrderToPlace>(visit.Http, text) is not { } order)
        {
            return await ReviewAsync(visit, new ApiProblem(400, "order", "This form is not good any more. This is your order as it is now; nothing was placed."));
        }

        var answer = await SendAsync(visit, order);
        if (answer.Status >= 500)
        {
            // It may be placed all the same; then this one, which has the same key, is told so.
            answer = await SendAsync(visit, order);
        }

        if (answer.Problem is { } problem)
        {
            return problem.Status >= 500 ? await OfferAgainAsync(visit, text) : await ReviewAsync(visit, Kindly(problem));
        }

        var placed = answer.Needed();
        CheckOutChoices.Placed(visit.Http, placed.OrderId);
        return visit.Go($"/orders/{placed.OrderId}", $"Thank you! Your order {placed.Number} is placed.");
    }

    private static async Task<ApiAnswer<OrderPlaced>> SendAsync(Visit visit, OrderToPlace order)
    {
        try
        {
            var body = new { order.Service, order.CardToken, order.Address, order.AcceptedTotal };
            return await visit.Api.PostAsync<OrderPlaced>(CurrentCart.Address(order.Cart) + "/checkout", body, order.Key);
        }
        catch (TimeoutException)
        {
            return new ApiAnswer<OrderPlaced>(Unknown.Status, null, Unknown);
        }
    }

    private static async Task<IResult> OfferAgainAsync(Visit visit, string order)
    {
        try
        {
            return await ReviewAsync(visit, Unknown, order);
        }
        catch (Exception e) when (e is ApiRefusedException or TimeoutException)
        {
            throw new ApiRefusedException(Unknown with
            {
                Detail = "The shop does not answer, and it is not known whether your order is placed. Load this page anew in a moment: however often it is sent, it is placed once.",
            });
        }
    }

    /// <summary>The API speaks to programs about what their customer has to agree to; here it is the customer who reads.</summary>
    private static ApiProblem Kindly(ApiProblem problem) => problem.Code switch
    {
        "ordering.total_changed" => problem with { Detail = "Your cart or its delivery has changed since you looked. This is your order as it is now; nothing was placed yet." },
        "ordering.price_changed" => problem with { Detail = "A price has changed since you filled your cart. This is your order at the prices of now; nothing was placed yet." },
        _ => problem,
    };

    /// <summary>The cart is empty: because the order is placed already, or because nothing was chosen yet.</summary>
    private static async Task<IResult> NothingToBuyAsync(Visit visit) =>
        CheckOutChoices.LastPlaced(visit.Http) is { } last && (await visit.Api.GetAsync<OrderDetails>($"/api/v1/ordering/orders/{last}")).Value is { Status: not ("rejected" or "cancelled") } order
            ? visit.Go($"/orders/{order.Id}", $"Your order {order.Number} is placed already; it is not placed twice.")
            : visit.Go("/cart", "There is nothing to check out: your cart is empty.");

    private static IResult ShowAddress(Visit visit, AddressStep step) =>
        visit.Show<AddressPage, AddressStep>(step, step.Form.Problem?.Status ?? StatusCodes.Status200OK);

    private static async Task<IReadOnlyList<SavedAddress>> SavedAsync(Visit visit) =>
        (await visit.Api.GetAsync<Listed<SavedAddress>>("/api/v1/customers/me/addresses")).Value?.Items ?? [];

    private static Task<ApiAnswer<Listed<CartRate>>> RatesAsync(Visit visit, Guid cart, PostalAddress address) =>
        visit.Api.GetAsync<Listed<CartRate>>($"{CurrentCart.Address(cart)}/shipping-rates" + ShopApi.Query(("country", address.Country)));
}

/// <param name="Chosen">Of the saved ones; null: the one that is typed.</param>
public sealed record AddressStep(CartDetails Cart, IReadOnlyList<SavedAddress> Saved, Guid? Chosen, AddressForm Form, bool IsToSave);

public sealed record PaymentStep(CartDetails Cart, PostalAddress Address, IReadOnlyList<CartRate> Rates, string? Service, ApiProblem? Problem);

/// <param name="Order">Sealed.</param>
public sealed record ReviewStep(CartDetails Cart, PostalAddress Address, CartRate Rate, CardToken Card, string Order, ApiProblem? Problem);
