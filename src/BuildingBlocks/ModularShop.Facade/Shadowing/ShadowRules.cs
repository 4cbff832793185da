namespace ModularShop.Facade;

/// <summary>What two answers are compared by, and what of them is never shown.</summary>
/// <param name="IgnoredFields">Fields of JSON bodies that may differ.</param>
/// <param name="Headers">Headers of the answers that may not.</param>
/// <param name="MaskedFields">Words; a member in whose name one occurs is masked, with all that is in it.</param>
internal sealed record ShadowRules(IReadOnlyList<FieldPath> IgnoredFields, IReadOnlyList<string> Headers, IReadOnlyList<string> MaskedFields)
{
    public static ShadowRules Default { get; } = new(
        // Of problem details: it names the request, not its answer.
        [FieldPath.Parse("traceId")!],
        ["Content-Type", "Location", "Cache-Control", "ETag"],
        [
            "password", "secret", "token", "authorization", "cookie", "key", "card", "cvc", "cvv", "pan", "iban", "bic", "account", "email", "mail", "phone", "mobile",
            "name", "recipient", "street", "address", "line1", "line2", "postcode", "postal", "zip", "city", "birth", "tax", "vat",
        ]);

    public bool Ignores(IReadOnlyList<FieldStep> path)
    {
        foreach (var field in IgnoredFields)
        {
            if (field.Matches(path))
            {
                return true;
            }
        }

        return false;
    }

    public ShadowRules With(IReadOnlyList<FieldPath> ignoredFields) => ignoredFields.Count == 0 ? this : this with { IgnoredFields = [.. IgnoredFields, .. ignoredFields] };
}
