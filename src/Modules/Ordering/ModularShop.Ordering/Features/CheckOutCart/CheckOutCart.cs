using System.Security.Cryptography;
using System.Text.Json;
using ModularShop.Ordering.Domain;

namespace ModularShop.Ordering.Features.CheckOutCart;

/// <param name="Address">Null where the cart has been given one.</param>
/// <param name="AcceptedTotal">What the customer was shown; another total places no order.</param>
internal sealed record CheckOutCart(
    Guid CartId, Guid CustomerId, string IdempotencyKey, PostalAddress? Address, string Service, string CardToken, Money? AcceptedTotal) : ICommand<Result<CheckOutAnswer>>
{
    /// <summary>Tells a repeated request from another one with the same key.</summary>
    public string Hash() => Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { CartId, Address, Service, CardToken, AcceptedTotal })));
}

/// <summary>An order; or changed prices, which are a refusal and all the same something to save: the cart has them now.</summary>
internal sealed record CheckOutAnswer(CheckOutReceipt? Receipt, Error? PriceChanged);

/// <summary>The order as it was placed: the same however often the request is repeated, whatever has become of the order.</summary>
internal sealed record CheckOutReceipt(Guid OrderId, string Number, OrderStatus Status, Money ItemsTotal, Money Shipping, Money Total, DateTimeOffset PlacedAt)
{
    public static CheckOutReceipt Of(Order order) => new(order.Id, order.Number, OrderStatus.Placed, order.ItemsTotal, order.ShippingPrice, order.Total, order.PlacedAt);
}

internal sealed class CheckOutCartValidator : AbstractValidator<CheckOutCart>
{
    public CheckOutCartValidator()
    {
        RuleFor(c => c.IdempotencyKey).Must(key => key.Length is >= 8 and <= 100 && key.All(c => c is > ' ' and <= '~'))
            .WithMessage("The header Idempotency-Key is needed: 8 to 100 visible ASCII characters, the same for every attempt at one order, such as a UUID.");
        RuleFor(c => c.Address!).SetValidator(new AddressValidator()).When(c => c.Address is not null);
        RuleFor(c => c.Service).NotEmpty().MaximumLength(40);
        RuleFor(c => c.CardToken).NotEmpty().MaximumLength(200);
        RuleFor(c => c.AcceptedTotal!.Value.Currency).Must(Currencies.IsKnown).When(c => c.AcceptedTotal is not null).OverridePropertyName("AcceptedTotal.Currency")
            .WithMessage(c => $"'{c.AcceptedTotal!.Value.Currency}' is no currency the shop knows; it takes ISO 4217 codes such as EUR.");
    }
}
