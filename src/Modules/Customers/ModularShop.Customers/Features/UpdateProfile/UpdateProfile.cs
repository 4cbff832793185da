using ModularShop.Customers.Infrastructure;

namespace ModularShop.Customers.Features.UpdateProfile;

internal sealed record UpdateProfile(Guid AccountId, string Name, string? Phone) : ICommand<Result>;

internal sealed class UpdateProfileValidator : AbstractValidator<UpdateProfile>
{
    public UpdateProfileValidator()
    {
        RuleFor(c => c.Name).IsName();
        RuleFor(c => c.Phone).IsPhone();
    }
}
