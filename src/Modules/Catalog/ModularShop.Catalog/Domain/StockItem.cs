namespace ModularShop.Catalog.Domain;

/// <summary>How many pieces of one product there are, and how many of them are set aside for orders.</summary>
internal sealed class StockItem : AggregateRoot
{
    public required string Sku { get; init; }

    public int OnHand { get; private set; }

    public int Reserved { get; private set; }

    public int Available => OnHand - Reserved;

    public static StockItem For(Product product, int onHand) => new() { Id = product.Id, Sku = product.Sku, OnHand = onHand };

    public void Reserve(int quantity)
    {
        if (quantity > Available)
        {
            throw new InvalidOperationException($"{Sku}: {quantity} wanted, {Available} available.");
        }

        Reserved += quantity;
    }

    public void Release(int quantity) => Reserved -= quantity;

    /// <summary>The reserved pieces leave the warehouse.</summary>
    public void Take(int quantity)
    {
        Reserved -= quantity;
        OnHand -= quantity;
    }

    public void Return(int quantity) => OnHand += quantity;
}
