using FluentValidation.Results;
using ModularShop.Customers.Domain;
using ModularShop.Customers.Features.ListAddresses;

namespace ModularShop.Customers.Features.AddAddress;

internal sealed record AddAddress(Guid AccountId, PostalAddress Address) : ICommand<Result<AddressView>>;

internal sealed class AddAddressValidator : AbstractValidator<AddAddress>
{
    public AddAddressValidator() => RuleFor(c => c.Address).Custom((address, context) =>
    {
        foreach (var (field, message) in AddressRules.Violations(address))
        {
            context.AddFailure(new ValidationFailure(field, message));
        }
    });
}
