using ModularShop.Catalog.Contracts;

namespace ModularShop.Ordering.Domain;

internal enum CartStatus
{
    Open,
    CheckedOut,
    Merged,
}

/// <summary>
/// What somebody means to buy. An anonymous cart belongs to whoever knows its id: of a UUIDv7's bits 74 are random
/// and come from the system's secure source, so that it cannot be guessed.
/// </summary>
internal sealed class Cart : AggregateRoot
{
    public const int MaxLines = 100;
    public const int MaxQuantity = 999;

    private readonly List<CartLine> _lines = [];

    public Guid? CustomerId { get; private set; }

    /// <summary>The customer whose open cart this is; unique, since a customer has one. Null for anonymous and closed carts.</summary>
    public Guid? OpenFor { get; private set; }

    public CartStatus Status { get; private set; }

    public DateTimeOffset ChangedAt { get; private set; }

    /// <summary>Where the customer wants it sent, if that was said before the checkout.</summary>
    public PostalAddress? Address { get; private set; }

    public IReadOnlyList<CartLine> Lines => _lines;

    /// <summary>The first product decides it.</summary>
    public string? Currency => _lines.Count == 0 ? null : _lines[0].UnitPrice.Currency;

    public Money? Total => _lines.Count == 0 ? null : _lines.Aggregate(Money.Zero(_lines[0].UnitPrice.Currency), (sum, line) => sum + line.Total);

    public long WeightGrams => _lines.Sum(l => (long)l.WeightGrams * l.Quantity);

    public static Cart OpenFrom(DateTimeOffset now, Guid? customerId) => new() { CustomerId = customerId, OpenFor = customerId, ChangedAt = now };

    public bool AnswersTo(Guid? customerId) => CustomerId is null || CustomerId == customerId;

    /// <summary>Null where the line is as somebody has seen it, or they do not say.</summary>
    /// <param name="seen">How many pieces; 0 for no such line.</param>
    public Error? WhyItHasChanged(string sku, int? seen)
    {
        var there = _lines.Find(l => l.Sku == sku)?.Quantity ?? 0;
        return seen is null || seen == there ? null
            : WhyClosed() ?? OrderingError.LineChanged.Because($"The cart has {there} of {sku} by now, not {seen}. Look at it, and say again how many it shall be.");
    }

    public Result SetLine(ProductSnapshot product, int quantity, DateTimeOffset now)
    {
        if (WhyClosed() is { } closed)
        {
            return closed;
        }

        if (!product.IsActive)
        {
            return OrderingError.ProductDiscontinued.Because($"{product.Sku} ({product.Name}) is no longer sold.");
        }

        if (WhyItDoesNotFit(product.Sku, product.Price.Currency) is { } reason)
        {
            return reason;
        }

        Put(new CartItem(product.Sku, product.Name, product.Price, product.WeightGrams, quantity));
        ChangedAt = now;
        return Result.Ok;
    }

    /// <summary>Harmless where there is no such line.</summary>
    public Result RemoveLine(string sku, DateTimeOffset now)
    {
        if (WhyClosed() is { } closed)
        {
            return closed;
        }

        if (_lines.RemoveAll(l => l.Sku == sku) > 0)
        {
            ChangedAt = now;
        }

        return Result.Ok;
    }

    public Result SendTo(PostalAddress address, DateTimeOffset now)
    {
        if (WhyClosed() is { } closed)
        {
            return closed;
        }

        Address = address;
        ChangedAt = now;
        return Result.Ok;
    }

    /// <summary>Adds to what is there, up to the largest quantity; false where the currency is another or the cart is full.</summary>
    public bool TryAdd(CartItem item, DateTimeOffset now)
    {
        if (WhyItDoesNotFit(item.Sku, item.UnitPrice.Currency) is not null)
        {
            return false;
        }

        var there = _lines.Find(l => l.Sku == item.Sku)?.Quantity ?? 0;
        Put(item with { Quantity = Math.Min(there + item.Quantity, MaxQuantity) });
        ChangedAt = now;
        return true;
    }

    /// <summary>Moves the lines that fit into the customer's own cart; once all have moved, this one is closed.</summary>
    public void MergeInto(Cart own, DateTimeOffset now)
    {
        _lines.RemoveAll(line => own.TryAdd(line.AsItem(), now));
        Status = _lines.Count == 0 ? CartStatus.Merged : Status;
        ChangedAt = now;
    }

    /// <summary>Open, and not empty.</summary>
    public Error? WhyItCannotBeCheckedOut() => WhyClosed()
        ?? (_lines.Count == 0 ? OrderingError.CartEmpty.Because("The cart is empty; put a product into it first.") : null);

    /// <summary>Brings every line up to date with the catalogue; returns the prices that were others than shown.</summary>
    public IReadOnlyList<PriceChange> TakePrices(IReadOnlyDictionary<string, ProductSnapshot> products, DateTimeOffset now)
    {
        var changes = new List<PriceChange>();
        foreach (var line in _lines)
        {
            var product = products[line.Sku];
            if (product.Price != line.UnitPrice)
            {
                changes.Add(new PriceChange(line.Sku, line.Name, line.UnitPrice, product.Price));
                ChangedAt = now;
            }

            line.Become(new CartItem(product.Sku, product.Name, product.Price, product.WeightGrams, line.Quantity));
        }

        return changes;
    }

    public void CheckOut(Guid customerId, DateTimeOffset now) =>
        (CustomerId, OpenFor, Status, ChangedAt) = (customerId, null, CartStatus.CheckedOut, now);

    private Error? WhyClosed() => Status switch
    {
        CartStatus.Open => null,
        CartStatus.Merged => OrderingError.CartClosed.Because("This cart was merged into your own at log-in; go on with that one, at carts/mine."),
        _ => OrderingError.CartClosed.Because("This cart has been checked out; start a new one."),
    };

    private Error? WhyItDoesNotFit(string sku, string currency)
    {
        if (Currency is { } mine && mine != currency && !(_lines.Count == 1 && _lines[0].Sku == sku))
        {
            return OrderingError.CurrencyMixed.Because($"The cart is in {mine} and {sku} is sold in {currency}; order it in a cart of its own.");
        }

        return _lines.Count >= MaxLines && _lines.TrueForAll(l => l.Sku != sku)
            ? OrderingError.CartFull.Because($"A cart holds at most {MaxLines} different products; check out first, or remove one.")
            : null;
    }

    private void Put(CartItem item)
    {
        if (_lines.Find(l => l.Sku == item.Sku) is { } line)
        {
            line.Become(item);
        }
        else
        {
            _lines.Add(CartLine.Of(Id, item, position: _lines.Count == 0 ? 1 : _lines.Max(l => l.Position) + 1));
        }
    }
}

internal sealed class CartLine
{
    public Guid CartId { get; private init; }

    public required string Sku { get; init; }

    public required string Name { get; set; }

    /// <summary>As it was shown when the product was put into the cart.</summary>
    public Money UnitPrice { get; private set; }

    public int WeightGrams { get; private set; }

    public int Quantity { get; private set; }

    public int Position { get; private init; }

    public Money Total => UnitPrice * Quantity;

    public static CartLine Of(Guid cartId, CartItem item, int position)
    {
        var line = new CartLine { CartId = cartId, Sku = item.Sku, Name = item.Name, Position = position };
        line.Become(item);
        return line;
    }

    public void Become(CartItem item) => (Name, UnitPrice, WeightGrams, Quantity) = (item.Name, item.UnitPrice, item.WeightGrams, item.Quantity);

    public CartItem AsItem() => new(Sku, Name, UnitPrice, WeightGrams, Quantity);
}

/// <summary>So many pieces of a product at a price.</summary>
internal sealed record CartItem(string Sku, string Name, Money UnitPrice, int WeightGrams, int Quantity);

internal sealed record PriceChange(string Sku, string Name, Money Old, Money New);
