using ModularShop.Shipping.Contracts;
using ModularShop.Shipping.Domain;

namespace ModularShop.Shipping.Features.GetRates;

internal sealed record GetRates(string Country, int WeightGrams, string Currency) : IQuery<Result<Quotes>>;

/// <param name="Items">Cheapest first.</param>
internal sealed record Quotes(IReadOnlyList<ShippingRate> Items);

internal sealed class GetRatesValidator : AbstractValidator<GetRates>
{
    public GetRatesValidator() =>
        RuleFor(q => q.WeightGrams).GreaterThan(0).WithMessage($"A parcel weighs something: 1 to {Rate.MaxGrams} g.");
}
