using ModularShop.Payments.Domain;

namespace ModularShop.Payments.Features.RefundPayment;

internal sealed record RefundPayment(Guid OrderId, Money Amount, string Reason, string IdempotencyKey) : ICommand<Result>;

internal sealed class RefundPaymentValidator : AbstractValidator<RefundPayment>
{
    public RefundPaymentValidator()
    {
        RuleFor(c => c.Amount.Currency).Must(Currencies.IsKnown).OverridePropertyName("amount.currency")
            .WithMessage("That is no currency the shop knows; it takes ISO 4217 codes such as EUR.");
        RuleFor(c => c.Amount.Amount).GreaterThan(0).OverridePropertyName("amount.amount").WithMessage("A refund is 1 minor unit or more.");
        RuleFor(c => c.Reason).NotEmpty().MaximumLength(Payment.MaxCodeLength);
        RuleFor(c => c.IdempotencyKey).Must(key => key.Length is >= 1 and <= Payment.MaxCodeLength && key.All(c => c is > ' ' and <= '~')).OverridePropertyName("Idempotency-Key")
            .WithMessage($"Send an Idempotency-Key header of 1 to {Payment.MaxCodeLength} printable characters, a new one for each refund: with the same key a repeated request refunds once.");
    }
}
