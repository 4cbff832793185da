using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Features.GetCart;

namespace ModularShop.Ordering.Features.SetCartAddress;

/// <summary>One of the two: an address of the customer's address book, or one that is written out.</summary>
internal sealed record SetCartAddress(Guid CartId, Guid CustomerId, Guid? AddressId, PostalAddress? Address) : ICommand<Result<CartDetails>>;

internal sealed class SetCartAddressValidator : AbstractValidator<SetCartAddress>
{
    public SetCartAddressValidator()
    {
        RuleFor(c => c.AddressId).Must((c, id) => id is null != c.Address is null).WithMessage("Give either 'addressId' or 'address'.");
        RuleFor(c => c.Address!).SetValidator(new AddressValidator()).When(c => c.Address is not null);
    }
}
