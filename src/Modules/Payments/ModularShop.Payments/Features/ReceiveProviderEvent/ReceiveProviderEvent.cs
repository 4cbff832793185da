using ModularShop.Payments.Domain;

namespace ModularShop.Payments.Features.ReceiveProviderEvent;

/// <summary>What the provider reports by webhook, after its signature was checked.</summary>
/// <param name="Id">The provider's; the same event again bears the same.</param>
/// <param name="Type"><c>authorisation.approved</c>, <c>authorisation.declined</c>; others are acknowledged and ignored.</param>
/// <param name="MerchantReference">The payment's id.</param>
/// <param name="Reference">The provider's name for the authorisation.</param>
internal sealed record ReceiveProviderEvent(string Id, string Type, Guid MerchantReference, string? Reference = null, string? Reason = null) : ICommand<Result>
{
    public const string Approved = "authorisation.approved";

    public const string Declined = "authorisation.declined";
}

internal sealed class ReceiveProviderEventValidator : AbstractValidator<ReceiveProviderEvent>
{
    public ReceiveProviderEventValidator()
    {
        RuleFor(e => e.Id).NotEmpty().MaximumLength(ProviderEvent.MaxIdLength);
        RuleFor(e => e.Type).NotEmpty().MaximumLength(100);
        RuleFor(e => e.Reference).MaximumLength(Payment.MaxCodeLength);
        RuleFor(e => e.Reference).NotEmpty().When(e => e.Type == ReceiveProviderEvent.Approved);
        RuleFor(e => e.Reason).MaximumLength(Payment.MaxCodeLength);
    }
}
