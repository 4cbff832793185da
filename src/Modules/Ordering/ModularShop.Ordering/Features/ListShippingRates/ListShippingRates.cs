using ModularShop.Ordering.Domain;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Ordering.Features.ListShippingRates;

internal sealed record ListShippingRates(Guid CartId, Guid? CustomerId, string Country) : IQuery<Result<Page<CartRate>>>;

/// <param name="Total">Of the whole order with this service: what a checkout takes as <c>acceptedTotal</c>.</param>
internal sealed record CartRate(string Service, string Name, Money Price, Money Total, int MinDays, int MaxDays)
{
    public static CartRate Of(ShippingRate rate, Money items) => new(rate.ServiceCode, rate.Name, rate.Price, items + rate.Price, rate.MinDays, rate.MaxDays);
}

internal sealed class ListShippingRatesValidator : AbstractValidator<ListShippingRates>
{
    public ListShippingRatesValidator() => RuleFor(q => q.Country).Must(Countries.IsKnown)
        .WithMessage("A country is its ISO 3166-1 code of two upper case letters, such as DE.");
}
