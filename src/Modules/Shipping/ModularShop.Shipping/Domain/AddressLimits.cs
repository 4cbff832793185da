namespace ModularShop.Shipping.Domain;

/// <summary>What fits on a label.</summary>
internal static class AddressLimits
{
    public const int MaxLine = 200;

    public const int MaxPostalCode = 20;

    /// <summary>The address as it can be kept: normalised, and cut off where it does not fit.</summary>
    public static PostalAddress Fit(PostalAddress address) => new(
        Clip(address.Recipient, MaxLine), Clip(address.Line1, MaxLine), Clip(address.City, MaxLine), Clip(address.PostalCode, MaxPostalCode),
        Clip(Country.Normalise(address.Country), 2), address.Line2 is null ? null : Clip(address.Line2, MaxLine),
        address.Region is null ? null : Clip(address.Region, MaxLine));

    /// <summary>Nothing is missing and nothing had to be cut off.</summary>
    public static bool IsComplete(PostalAddress asked, PostalAddress fitted) =>
        asked with { Country = Country.Normalise(asked.Country) } == fitted
        && !string.IsNullOrWhiteSpace(fitted.Recipient) && !string.IsNullOrWhiteSpace(fitted.Line1) && !string.IsNullOrWhiteSpace(fitted.City);

    private static string Clip(string text, int length) => text.Length <= length ? text : text[..length];
}
