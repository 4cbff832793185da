namespace ModularShop.Customers.Domain;

/// <summary>What a parcel service needs of an address, and no more: people know best how their own is written.</summary>
internal static class AddressRules
{
    /// <summary>All that is wrong with it: which field, and why.</summary>
    public static IEnumerable<(string Field, string Message)> Violations(PostalAddress address)
    {
        foreach (var (field, text, max, isNeeded) in new[]
        {
            (nameof(address.Recipient), address.Recipient, Address.MaxRecipient, true),
            (nameof(address.Line1), address.Line1, Address.MaxLine, true),
            (nameof(address.Line2), address.Line2, Address.MaxLine, false),
            (nameof(address.City), address.City, Address.MaxPlace, true),
            (nameof(address.Region), address.Region, Address.MaxPlace, false),
            (nameof(address.PostalCode), address.PostalCode, Address.MaxPostalCode, true),
        })
        {
            if (text is { Length: var length } && length > max)
            {
                yield return (field, $"At most {max} characters.");
            }
            else if (isNeeded && string.IsNullOrWhiteSpace(text))
            {
                yield return (field, "A parcel needs this.");
            }
            else if (text?.Any(char.IsControl) == true)
            {
                yield return (field, "One line of text, without control characters.");
            }
        }

        if (!Countries.IsKnown(address.Country))
        {
            yield return (nameof(address.Country), "A country is its ISO 3166-1 code of two letters, such as DE.");
        }
    }
}
