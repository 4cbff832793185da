using ModularShop.Contracts;

namespace ModularShop.Host.Pages;

/// <summary>A page of a list, as the API has it.</summary>
/// <param name="Next">The cursor of the page that follows; null on the last.</param>
public sealed record Listed<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>An order in a list, whoever it is shown to.</summary>
public sealed record OrderRow(Guid Id, string Number, string Status, string? Reason, Money Total, int Pieces, DateTimeOffset PlacedAt);
