using FluentValidation.Results;
using ModularShop.Customers.Domain;
using ModularShop.Customers.Features.ListAddresses;

namespace ModularShop.Customers.Features.ChangeAddress;

internal sealed record ChangeAddress(Guid AccountId, Guid AddressId, PostalAddress Address) : ICommand<Result<AddressView>>;

internal sealed class ChangeAddressValidator : AbstractValidator<ChangeAddress>
{
    public ChangeAddressValidator() => RuleFor(c => c.Address).Custom((address, context) =>
    {
        foreach (var (field, message) in AddressRules.Violations(address))
        {
            context.AddFailure(new ValidationFailure(field, message));
        }
    });
}
