using Microsoft.Extensions.Options;
using ModularShop.Catalog.Contracts;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Ordering.Features.CheckOutCart;

/// <summary>Makes a cart an order, and starts the saga that gets it confirmed, in one transaction.</summary>
/// <remarks>
/// Of requests that arrive at once, the first to save wins; the others fail on the cart's version or on the unique
/// index of customer and key, run again from the start, and find the order at :: Step 1.
/// </remarks>
internal sealed class CheckOutCartHandler(
    OrderingDbContext db, ICatalogApi catalog, IShippingApi shipping, IOptions<CheckoutOptions> options, TimeProvider time)
    : IRequestHandler<CheckOutCart, Result<CheckOutAnswer>>
{
    /// <summary>Outlives a second run of the same request, which would find the new prices in the cart and order at them unseen.</summary>
    private IReadOnlyList<PriceChange> _changes = [];

    public async Task<Result<CheckOutAnswer>> Handle(CheckOutCart command, CancellationToken cancellationToken)
    {
        // :: Step 1: a key that has made an order makes no other. The cart is read before the order: who sees it checked
        // out by a twin of this request sees the twin's order too.
        var cart = await db.Carts.FindForAsync(command.CartId, command.CustomerId, cancellationToken);
        var hash = command.Hash();
        if (await db.Orders.AsNoTracking().SingleOrDefaultAsync(
            o => o.CustomerId == command.CustomerId && o.CheckoutKey == command.IdempotencyKey, cancellationToken) is { } placed)
        {
            return placed.CheckoutHash == hash
                ? new CheckOutAnswer(CheckOutReceipt.Of(placed), null)
                : OrderingError.IdempotencyKeyReused.Because($"This Idempotency-Key has made order {placed.Number} from another request; take a new key for a new order.");
        }

        if (cart is null)
        {
            return CartQueries.NotFound(command.CartId);
        }

        if (cart.WhyItCannotBeCheckedOut() is { } reason)
        {
            return reason;
        }

        if ((command.Address ?? cart.Address) is not { } address)
        {
            return OrderingError.AddressMissing.Because("Say where to send it: 'address' in the request, or PUT the cart's address first.");
        }

        // :: Step 2: everything must still be sold, and at the price that was shown.
        var now = time.GetUtcNow();
        var products = (await catalog.GetProductsAsync([.. cart.Lines.Select(l => l.Sku)], cancellationToken))
            .Where(p => p.IsActive).ToDictionary(p => p.Sku, StringComparer.Ordinal);
        if (cart.Lines.Where(l => !products.ContainsKey(l.Sku)).ToList() is { Count: > 0 } gone)
        {
            return OrderingError.ProductDiscontinued.Because($"No longer sold: {string.Join(", ", gone.Select(l => $"{l.Sku} ({l.Name})"))}. Remove it from the cart.")
                with { Facts = Fact("skus", gone.Select(l => l.Sku).ToList()) };
        }

        var changes = cart.TakePrices(products, now);
        _changes = _changes.Count > 0 ? _changes : changes;
        if (_changes.Count > 0)
        {
            return new CheckOutAnswer(null, PriceChanged(_changes));
        }

        // :: Step 3: the service must go there, and the total be the accepted one.
        var rates = await shipping.QuoteAsync(address.Country, Parcel.Weight(cart.WeightGrams), cart.Currency!, cancellationToken);
        if (rates.FirstOrDefault(r => r.ServiceCode == command.Service) is not { } rate)
        {
            return NotAvailable(command.Service, address.Country, rates);
        }

        var order = Order.Place(cart, command.CustomerId, address, rate, command.IdempotencyKey, hash, now);
        if (command.AcceptedTotal is { } accepted && accepted != order.Total)
        {
            return OrderingError.TotalChanged.Because($"The order comes to {order.Total}, not {accepted}. Repeat the checkout with the new total if the customer agrees.")
                with { Facts = Fact("total", order.Total) };
        }

        // :: Step 4: cart, order and saga are saved together, with the saga's first command.
        cart.CheckOut(command.CustomerId, now);
        db.Add(order);
        // Customers look for what they have just ordered: the list has it at once, and hears of what follows by messages.
        db.Add(OrderListEntry.Of(order.AsOfNow()));
        db.Add(CheckoutSaga.Start(order, command.CardToken, options.Value, now));
        return new CheckOutAnswer(CheckOutReceipt.Of(order), null);
    }

    private static Error PriceChanged(IReadOnlyList<PriceChange> changes) =>
        OrderingError.PriceChanged.Because(
            $"The price changed of {string.Join(", ", changes.Select(c => $"{c.Sku}: {c.Old} is now {c.New}"))}. The cart has the new prices; repeat the checkout if the customer agrees.")
        with { Facts = Fact("changes", changes) };

    private static Error NotAvailable(string service, string country, IReadOnlyList<ShippingRate> rates) =>
        OrderingError.ServiceNotAvailable.Because(rates.Count == 0
            ? $"Nobody carries this cart to {country}."
            : $"There is no service '{service}' to {country} for this cart; there is {string.Join(", ", rates.Select(r => r.ServiceCode))}.")
        with { Facts = Fact("services", rates.Select(r => r.ServiceCode).ToList()) };

    private static Dictionary<string, object?> Fact(string name, object value) => new(StringComparer.Ordinal) { [name] = value };
}
