namespace ModularShop.Customers.Features.GetPreferences;

internal sealed record GetPreferences(Guid AccountId) : IQuery<Result<Preferences>>;

/// <param name="MarketingConsentChangedAt">When consent was last given or withdrawn; null where it never was.</param>
internal sealed record Preferences(string Language, string Currency, bool MarketingConsent, DateTimeOffset? MarketingConsentChangedAt);
