using System.Globalization;
using ModularShop.Host.Pages;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Storefront;

/// <summary>What somebody means to buy. Every change says what the cart is like now, also where another window was faster.</summary>
internal static class CartPages
{
    /// <summary>Of one product.</summary>
    public const int MostPieces = 999;

    /// <summary>To add something that is added elsewhere at the same time; each time one of them succeeds.</summary>
    private const int MostAttempts = 10;

    /// <summary>Lines whose products are looked at, each a question: of a longer cart the checkout says the rest.</summary>
    private const int MostLookedAt = 30;

    private static readonly TimeSpan StatePatience = TimeSpan.FromSeconds(2);

    public static void MapCart(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/cart", (Visit visit) => ShowAsync(visit, problem: null)).WithName("Storefront.Cart").ForEveryone();
        pages.MapPost("/cart/lines", AddAsync).WithName("Storefront.AddToCart").ForEveryone();
        pages.MapPost("/cart/lines/{sku}", SetAsync).WithName("Storefront.SetCartLine").ForEveryone();
        pages.MapPost("/cart/lines/{sku}/remove", RemoveAsync).WithName("Storefront.RemoveCartLine").ForEveryone();
        pages.MapPost("/cart/left-behind/forget", (Visit visit, IFormCollection _) =>
        {
            AnonymousCart.Forget(visit.Http);
            return visit.Go("/cart");
        }).WithName("Storefront.ForgetLeftBehind").ForEveryone();
        pages.MapFormsOf("/cart", "/cart/lines", "/cart/lines/{sku}", "/cart/lines/{sku}/remove", "/cart/left-behind/forget");
    }

    public static async Task<IResult> ShowAsync(Visit visit, ApiProblem? problem)
    {
        var cart = await CurrentCart.ReadAsync(visit);
        var left = await CurrentCart.LeftBehindAsync(visit);
        var products = await ProductsOfAsync(visit, cart?.Lines ?? []);
        return visit.Show<CartPage, CartView>(new CartView(cart, products, left, problem), problem?.Status ?? StatusCodes.Status200OK);
    }

    /// <summary>The products as they are now, of the first lines, as far as the catalogue answers.</summary>
    private static async Task<IReadOnlyDictionary<string, ProductDetails>> ProductsOfAsync(Visit visit, IReadOnlyList<OrderLine> lines)
    {
        var asked = await Task.WhenAll(lines.Take(MostLookedAt).Select(async line =>
        {
            try
            {
                return (await visit.Api.GetAsync<ProductDetails>(ProductPages.AddressOf(line.Sku), StatePatience)).Value;
            }
            catch (TimeoutException)
            {
                return null;
            }
        }));
        return asked.OfType<ProductDetails>().ToDictionary(p => p.Sku, StringComparer.Ordinal);
    }

    private static async Task<IResult> AddAsync(Visit visit, IFormCollection form)
    {
        var sku = form["sku"].ToString();
        if (string.IsNullOrWhiteSpace(sku))
        {
            throw new ApiRefusedException(new ApiProblem(StatusCodes.Status400BadRequest, "sku", "No product was named."));
        }

        if (Quantity(form) is not { } wanted)
        {
            return await ProductPages.ShowAsync(visit, sku, NoQuantity());
        }

        var product = (await visit.Api.GetAsync<ProductDetails>(ProductPages.AddressOf(sku))).Needed();
        var cart = await CurrentCart.ReadAsync(visit);
        for (var attempt = 1; ; attempt++)
        {
            var there = cart?.Lines.FirstOrDefault(l => l.Sku == product.Sku)?.Quantity ?? 0;
            if (WhyNot(product, there + wanted, there) is { } reason)
            {
                return await ProductPages.ShowAsync(visit, sku, reason);
            }

            cart ??= await CurrentCart.OpenAsync(visit);
            var answer = await PutAsync(visit, cart.Id, product.Sku, there + wanted, there);
            if (IsLate(answer.Problem) && attempt < MostAttempts)
            {
                // Another window has added the same at the same time: both are wanted.
                cart = await CurrentCart.ReadAsync(visit);
                continue;
            }

            return answer.Refusal() is { } refused ? await ProductPages.ShowAsync(visit, sku, refused) : Changed(visit, answer, $"{product.Name} is in your cart.");
        }
    }

    private static async Task<IResult> SetAsync(Visit visit, string sku, IFormCollection form)
    {
        if (Quantity(form) is not { } wanted)
        {
            return await ShowAsync(visit, NoQuantity());
        }

        if (await CurrentCart.ReadAsync(visit) is not { } cart || cart.Lines.FirstOrDefault(l => l.Sku == sku) is not { } line)
        {
            return await ShowAsync(visit, Gone());
        }

        // Fewer than before is always possible.
        if (wanted > line.Quantity && WhyNot((await visit.Api.GetAsync<ProductDetails>(ProductPages.AddressOf(sku))).Needed(), wanted, line.Quantity) is { } reason)
        {
            return await ShowAsync(visit, reason);
        }

        var answer = await PutAsync(visit, cart.Id, sku, wanted, Number(form, "seen"));
        return IsLate(answer.Problem) ? await ShowAsync(visit, Refused($"{line.Name} was changed in another window meanwhile. This is what is in your cart now."))
            : answer.Refusal() is { } refused ? await ShowAsync(visit, refused)
            : Changed(visit, answer, $"{line.Name}: {wanted} in your cart.");
    }

    private static async Task<IResult> RemoveAsync(Visit visit, string sku, IFormCollection form)
    {
        if (await CurrentCart.ReadAsync(visit) is not { } cart || cart.Lines.FirstOrDefault(l => l.Sku == sku) is not { } line)
        {
            return await ShowAsync(visit, Gone());
        }

        var answer = await visit.Api.DeleteAsync<CartDetails>($"{CurrentCart.Address(cart.Id)}/lines/{ShopApi.Segment(sku)}");
        return answer.Refusal() is { } refused ? await ShowAsync(visit, refused) : Changed(visit, answer, $"{line.Name} is no longer in your cart.");
    }

    private static IResult Changed(Visit visit, ApiAnswer<CartDetails> answer, string notice)
    {
        answer.Needed();
        return visit.Go("/cart", notice);
    }

    /// <param name="seen">How many there were when it was decided: where there are others by now, nothing is done.</param>
    private static Task<ApiAnswer<CartDetails>> PutAsync(Visit visit, Guid cart, string sku, int quantity, int? seen) =>
        visit.Api.PutAsync<CartDetails>($"{CurrentCart.Address(cart)}/lines/{ShopApi.Segment(sku)}", new { quantity, seen });

    /// <summary>Somebody else has changed the line, or keeps changing the cart.</summary>
    private static bool IsLate(ApiProblem? problem) => problem?.Code is "ordering.line_changed" or "request.conflict";

    /// <summary>Null where what was typed is no number of pieces.</summary>
    private static int? Quantity(IFormCollection form) => Number(form, "quantity") is >= 1 and <= MostPieces and var quantity ? quantity : null;

    private static int? Number(IFormCollection form, string field) =>
        int.TryParse(form[field].ToString().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static ApiProblem? WhyNot(ProductDetails product, int wanted, int there) =>
        !product.IsOnSale ? Refused($"{product.Name} is no longer sold.")
        : product.Available <= 0 ? Refused($"{product.Name} is sold out.")
        : wanted > product.Available ? Refused($"Only {product.Available} left of {product.Name}" + (there > 0 ? $", and your cart has {there} already." : "."))
        : wanted > MostPieces ? NoQuantity() : null;

    private static ApiProblem Gone() => Refused("That product is not in your cart any more: it was changed in another window. This is what is in it now.");

    private static ApiProblem NoQuantity() => new(StatusCodes.Status400BadRequest, "quantity", $"A quantity is a whole number from 1 to {MostPieces}.");

    private static ApiProblem Refused(string detail) => new(StatusCodes.Status409Conflict, "cart", detail);
}

/// <param name="Products">By sku; what is missing is not known at the moment.</param>
/// <param name="LeftBehind">What was chosen before logging in and has not come along.</param>
public sealed record CartView(CartDetails? Cart, IReadOnlyDictionary<string, ProductDetails> Products, CartDetails? LeftBehind, ApiProblem? Problem)
{
    /// <summary>What has changed about a product since it was put into the cart; null: nothing that matters.</summary>
    public string? Warning(OrderLine line) =>
        !Products.TryGetValue(line.Sku, out var product) ? null
        : !product.IsOnSale ? "No longer sold: please remove it."
        : product.Available <= 0 ? "Sold out meanwhile: please remove it."
        : product.Available < line.Quantity ? $"Only {product.Available} left: please take fewer."
        : product.Price != line.UnitPrice ? $"Its price is now {product.Price}." : null;
}
