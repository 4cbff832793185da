namespace ModularShop.Shipping.Features.ListRates;

/// <param name="Zone">One zone's rates only.</param>
internal sealed record ListRates(string? Zone, string? After, int Size) : IQuery<Result<Page<RateRow>>>;

/// <param name="Band">The band's name in addresses: its upper limit in grams.</param>
internal sealed record RateRow(
    string Zone, string Service, int Band, int OverGrams, int UpToGrams, int MinDays, int MaxDays, IReadOnlyList<Money> Prices);

internal sealed class ListRatesValidator : AbstractValidator<ListRates>
{
    public ListRatesValidator() => RuleFor(q => q.Size).InclusiveBetween(1, Cursor.MaxSize);
}
