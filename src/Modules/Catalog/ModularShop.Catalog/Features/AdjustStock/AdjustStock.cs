using ModularShop.Catalog.Domain;

namespace ModularShop.Catalog.Features.AdjustStock;

/// <param name="Quantity">Negative where pieces are lost.</param>
/// <param name="Key">The client's name for this movement: sent again, it changes nothing.</param>
internal sealed record AdjustStock(string Sku, int Quantity, string Reason, string? Key) : ICommand<Result<StockLevel>>;

internal sealed record StockLevel(string Sku, int OnHand, int Reserved, int Available)
{
    public static StockLevel Of(StockItem stock) => new(stock.Sku, stock.OnHand, stock.Reserved, stock.Available);
}

internal sealed class AdjustStockValidator : AbstractValidator<AdjustStock>
{
    private const int MaxKeyLength = 80;

    public AdjustStockValidator()
    {
        RuleFor(c => c.Quantity).NotEqual(0).InclusiveBetween(-StockItem.MaxOnHand, StockItem.MaxOnHand);
        RuleFor(c => c.Reason).Name(StockMovement.MaxReasonLength);
        RuleFor(c => c.Key).Must(key => key is { Length: >= 1 and <= MaxKeyLength } && key.All(c => c is > ' ' and <= '~'))
            .WithMessage($"The header Idempotency-Key names the movement with 1 to {MaxKeyLength} characters, so that a repeated request does not count twice; a UUID will do.")
            .OverridePropertyName("idempotencyKey");
    }
}
