using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Features.GetCart;

namespace ModularShop.Ordering.Features.SetCartLine;

/// <param name="Quantity">0 removes the line.</param>
/// <param name="Seen">How many there were when it was decided; where there are others by now, nothing is done. Null: however many there are.</param>
internal sealed record SetCartLine(Guid CartId, Guid? CustomerId, string Sku, int Quantity, int? Seen) : ICommand<Result<CartDetails>>;

internal sealed class SetCartLineValidator : AbstractValidator<SetCartLine>
{
    public SetCartLineValidator()
    {
        RuleFor(c => c.Sku).Must(sku => Domain.Sku.Normalise(sku).Length is > 0 and <= Domain.Sku.MaxLength)
            .WithMessage($"A sku has 1 to {Domain.Sku.MaxLength} characters.");
        RuleFor(c => c.Quantity).InclusiveBetween(0, Cart.MaxQuantity).WithMessage(c => $"A quantity is 0 to {Cart.MaxQuantity}, not {c.Quantity}; 0 removes the line.");
    }
}
