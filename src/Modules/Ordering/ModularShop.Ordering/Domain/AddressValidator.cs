namespace ModularShop.Ordering.Domain;

/// <summary>What an address must be before a parcel is sent there; the lengths are those of the columns.</summary>
internal sealed class AddressValidator : AbstractValidator<PostalAddress>
{
    public const int NameLength = 100;
    public const int LineLength = 200;
    public const int PostalCodeLength = 20;

    public AddressValidator()
    {
        RuleFor(a => a.Recipient).NotEmpty().MaximumLength(NameLength);
        RuleFor(a => a.Line1).NotEmpty().MaximumLength(LineLength);
        RuleFor(a => a.Line2).MaximumLength(LineLength);
        RuleFor(a => a.City).NotEmpty().MaximumLength(NameLength);
        RuleFor(a => a.Region).MaximumLength(NameLength);
        RuleFor(a => a.PostalCode).NotEmpty().MaximumLength(PostalCodeLength);
        RuleFor(a => a.Country).Must(Countries.IsKnown)
            .WithMessage("A country is its ISO 3166-1 code of two upper case letters, such as DE.");
    }
}
