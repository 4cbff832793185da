using ModularShop.Customers.Domain;

namespace ModularShop.Customers.Features.ListCustomers;

/// <param name="Email">How the email begins.</param>
/// <param name="Role"><c>customer</c> or <c>operator</c>.</param>
internal sealed record ListCustomers(string? Email, string Role, string? After, int Size) : IQuery<Result<Page<CustomerRow>>>;

internal sealed record CustomerRow(Guid Id, string Email, string Name, DateTimeOffset RegisteredAt);

internal sealed class ListCustomersValidator : AbstractValidator<ListCustomers>
{
    public ListCustomersValidator()
    {
        RuleFor(q => q.Size).InclusiveBetween(1, Cursor.MaxSize);
        RuleFor(q => q.Role).Must(r => r is Access.Customer or Access.Operator).WithMessage($"A role is {Access.Customer} or {Access.Operator}.");
        RuleFor(q => q.Email).Must(e => e is null || (EmailAddress.IsReadable(e) && !e.Any(char.IsControl)))
            .WithMessage($"The beginning of an email address, at most {EmailAddress.MaxLength} characters.");
    }
}
