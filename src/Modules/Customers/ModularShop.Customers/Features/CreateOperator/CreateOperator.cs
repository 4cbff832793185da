using ModularShop.Customers.Infrastructure;

namespace ModularShop.Customers.Features.CreateOperator;

/// <param name="CreatedBy">The operator who does it.</param>
internal sealed record CreateOperator(Guid CreatedBy, string Email, string Password, string Name) : ICommand<Result<NewOperator>>;

internal sealed record NewOperator(Guid Id, string Email, string Name);

internal sealed class CreateOperatorValidator : AbstractValidator<CreateOperator>
{
    public CreateOperatorValidator()
    {
        RuleFor(c => c.Email).IsEmail();
        RuleFor(c => c.Name).IsName();
        RuleFor(c => c.Password).IsNewPassword(c => c.Email);
    }
}
