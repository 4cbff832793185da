using ModularShop.Contracts;
using ModularShop.Host.Pages;

namespace ModularShop.Host.Storefront;

/// <summary>Which products a list shows, as its address says.</summary>
/// <param name="Min">In units of the currency, as somebody has typed it.</param>
public sealed record ProductFilter(string? Search, string? Category, string? Currency, string? Min, string? Max, string Sort, string? After)
{
    public const int LongestSearch = 100;

    public const string DefaultSort = "name";

    /// <summary>What prices are in where nobody says.</summary>
    private const string DefaultCurrency = "EUR";

    public static readonly IReadOnlyList<(string Value, string Text)> Sorts =
        [(DefaultSort, "Name"), ("priceAscending", "Price, lowest first"), ("priceDescending", "Price, highest first"), ("newest", "Newest first")];

    public bool HasPrices => !string.IsNullOrWhiteSpace(Min) || !string.IsNullOrWhiteSpace(Max);

    public bool IsNarrowed => HasPrices || !string.IsNullOrWhiteSpace(Search) || !string.IsNullOrEmpty(Category) || !string.IsNullOrEmpty(Currency);

    /// <summary>A price is one of a currency.</summary>
    public string? CurrencyMeant => !string.IsNullOrEmpty(Currency) ? Currency : HasPrices ? DefaultCurrency : null;

    public string Address => "/products" + ShopApi.Query(
        ("search", Search), ("category", Category), ("currency", Currency), ("min", Min), ("max", Max), ("sort", Sort == DefaultSort ? null : Sort), ("after", After));

    /// <summary>What to ask the API; or why that cannot be asked.</summary>
    public (string Target, ApiProblem? Problem) ToApi(int size)
    {
        var wrong = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (Search is { Length: > LongestSearch })
        {
            wrong["search"] = [$"A search takes at most {LongestSearch} characters; yours has {Search.Length}."];
        }

        var (min, max) = (Price("min", Min, wrong), Price("max", Max, wrong));
        if (min > max)
        {
            wrong["max"] = ["The highest price must not be below the lowest."];
        }

        return wrong.Count > 0
            ? ("", new ApiProblem(StatusCodes.Status400BadRequest, "filter", string.Join(' ', wrong.Values.SelectMany(w => w)), wrong))
            : ("/api/v1/catalog/products" + ShopApi.Query(
                ("search", Search), ("category", Category), ("currency", CurrencyMeant), ("minPrice", min?.ToString()), ("maxPrice", max?.ToString()),
                ("sort", Sort), ("after", After), ("size", size.ToString())), null);
    }

    private long? Price(string field, string? text, Dictionary<string, string[]> wrong)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        // Half of Europe writes a comma.
        var typed = text.Trim();
        var plain = typed.Contains('.', StringComparison.Ordinal) ? typed : typed.Replace(',', '.');
        if (Money.TryParse(plain, CurrencyMeant!, out var price) && price.Amount >= 0)
        {
            return price.Amount;
        }

        wrong[field] = [Currencies.IsKnown(CurrencyMeant) ? "A price is a number such as 12.50." : "The shop does not know this currency."];
        return null;
    }
}
