using System.Globalization;

namespace ModularShop.Shipping.Domain;

/// <summary>How a parcel travels. Economy takes heavy parcels only.</summary>
internal enum Service
{
    Standard,
    Express,
    Economy,
}

internal static class Services
{
    /// <summary>What other modules and clients call it: <c>standard</c>.</summary>
    public static string Code(this Service service) => service.ToString().ToLowerInvariant();

    public static string Title(this Service service) => service switch
    {
        Service.Standard => "Standard parcel",
        Service.Express => "Express",
        _ => "Economy freight",
    };

    public static bool TryParse(string code, out Service service)
    {
        var found = Enum.GetValues<Service>().Where(s => string.Equals(s.Code(), code, StringComparison.OrdinalIgnoreCase)).Select(s => (Service?)s).FirstOrDefault();
        service = found ?? default;
        return found is not null;
    }
}

/// <summary>What one service costs to one zone within one band of weight.</summary>
internal sealed class Rate : AggregateRoot
{
    /// <summary>No parcel is heavier.</summary>
    public const int MaxGrams = 70_000;

    private readonly List<RatePrice> _prices = [];

    /// <summary>Zone, service and band as they sort and as addresses name them: <c>eu/standard/002000</c>.</summary>
    public required string Code { get; init; }

    public Zone Zone { get; init; }

    public Service Service { get; init; }

    /// <summary>The band: heavier than this,</summary>
    public int OverGrams { get; init; }

    /// <summary>and not heavier than this.</summary>
    public int UpToGrams { get; init; }

    public int MinDays { get; init; }

    public int MaxDays { get; init; }

    /// <summary>One in each currency that parcels are priced in.</summary>
    public IReadOnlyList<RatePrice> Prices => _prices;

    public static Rate Of(Zone zone, Service service, int overGrams, int upToGrams, (int Min, int Max) days, IEnumerable<Money> prices)
    {
        var rate = new Rate
        {
            Code = CodeOf(zone, service, upToGrams), Zone = zone, Service = service, OverGrams = overGrams, UpToGrams = upToGrams, MinDays = days.Min, MaxDays = days.Max,
        };
        rate._prices.AddRange(prices.Select(p => new RatePrice { RateId = rate.Id, Currency = p.Currency, Amount = p.Amount }));
        return rate;
    }

    public static string CodeOf(Zone zone, Service service, int upToGrams) =>
        string.Create(CultureInfo.InvariantCulture, $"{zone.ToString().ToLowerInvariant()}/{service.Code()}/{upToGrams:D6}");

    public Money? PriceIn(string currency) => _prices.Find(p => p.Currency == currency)?.ToMoney();

    public Result ChangePrice(Money price)
    {
        if (_prices.Find(p => p.Currency == price.Currency) is not { } row)
        {
            return ShippingError.UnsupportedCurrency.Because(
                $"Parcels are priced in {string.Join(", ", _prices.Select(p => p.Currency).Order(StringComparer.Ordinal))}, not in {price.Currency}.");
        }

        row.Amount = price.Amount;
        return Result.Ok;
    }
}

internal sealed class RatePrice
{
    public Guid RateId { get; init; }

    public required string Currency { get; init; }

    public long Amount { get; set; }

    public Money ToMoney() => new(Amount, Currency);
}
