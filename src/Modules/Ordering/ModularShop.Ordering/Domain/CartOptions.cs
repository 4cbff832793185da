namespace ModularShop.Ordering.Domain;

/// <summary>Section <c>Ordering:Carts</c>.</summary>
internal sealed record CartOptions
{
    /// <summary>A cart that nobody has touched for so long is removed, 1 to 3,650 days.</summary>
    public int AbandonedAfterDays { get; init; } = 30;
}
