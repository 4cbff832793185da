namespace ModularShop.Payments.Domain;

/// <summary>An event of the provider that was taken; a second delivery of it is recognised by its id.</summary>
internal sealed class ProviderEvent
{
    public const int MaxIdLength = 100;

    public required string EventId { get; init; }

    public Guid MerchantReference { get; init; }

    public required string Type { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }
}
