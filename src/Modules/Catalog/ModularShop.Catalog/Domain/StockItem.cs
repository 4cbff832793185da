namespace ModularShop.Catalog.Domain;

/// <summary>
/// How many pieces of one product there are, and how many of them are set aside for orders:
/// <c>0 &lt;= reserved &lt;= on hand</c>, always. Every change of on hand is a movement.
/// </summary>
internal sealed class StockItem : AggregateRoot
{
    public const int MaxOnHand = 1_000_000_000;

    private readonly List<StockMovement> _movements = [];

    public string Sku { get; private init; } = "";

    public int OnHand { get; private set; }

    public int Reserved { get; private set; }

    public int Available => OnHand - Reserved;

    /// <summary>Those of this save; the older ones are not loaded.</summary>
    public IReadOnlyList<StockMovement> Movements => _movements;

    public static StockItem For(Product product, int onHand)
    {
        var stock = new StockItem { Id = product.Id, Sku = product.Sku };
        if (onHand > 0)
        {
            stock.Move(onHand, "Opening stock", "opening", product.CreatedAt);
        }

        return stock;
    }

    /// <summary>Pieces came in, were found or were lost. Reserved ones cannot be taken away: they are promised.</summary>
    public Result Adjust(int quantity, string reason, string key, DateTimeOffset at)
    {
        var after = (long)OnHand + quantity;
        if (after < Reserved || after > MaxOnHand)
        {
            return CatalogError.StockOutOfRange.Because(
                $"{Sku}: {OnHand} on hand and {quantity:+0;-0} would make {after}; allowed are {Reserved}, which are reserved, to {MaxOnHand}.");
        }

        Move(quantity, reason, key, at);
        return Result.Ok;
    }

    public void Reserve(int quantity)
    {
        Must(quantity > 0 && quantity <= Available, quantity, "reserved");
        Reserved += quantity;
    }

    public void Release(int quantity)
    {
        Must(quantity > 0 && quantity <= Reserved, quantity, "released");
        Reserved -= quantity;
    }

    /// <summary>The reserved pieces leave the warehouse.</summary>
    public void Take(int quantity, Guid orderId, DateTimeOffset at)
    {
        Release(quantity);
        Move(-quantity, $"Order {orderId}", $"take/{orderId}", at);
    }

    /// <summary>Pieces that an order had taken are back.</summary>
    public void Return(int quantity, Guid orderId, DateTimeOffset at) => Move(quantity, $"Order {orderId} returned", $"return/{orderId}", at);

    private void Move(int quantity, string reason, string key, DateTimeOffset at)
    {
        OnHand = checked(OnHand + quantity);
        _movements.Add(new StockMovement { StockId = Id, Sku = Sku, Quantity = quantity, Reason = reason, Key = key, At = at });
    }

    private void Must(bool possible, int quantity, string what)
    {
        if (!possible)
        {
            throw new InvalidOperationException($"{Sku}: {quantity} cannot be {what}; {OnHand} on hand, {Reserved} reserved.");
        }
    }
}

/// <summary>A line of the stock ledger; all lines of a product together are what is on hand.</summary>
internal sealed class StockMovement
{
    public const int MaxKeyLength = 100;

    public const int MaxReasonLength = 200;

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid StockId { get; init; }

    public required string Sku { get; init; }

    /// <summary>Positive where pieces came in.</summary>
    public int Quantity { get; init; }

    public required string Reason { get; init; }

    /// <summary>Unique per product: the same movement asked for twice happens once.</summary>
    public required string Key { get; init; }

    public DateTimeOffset At { get; init; }
}
