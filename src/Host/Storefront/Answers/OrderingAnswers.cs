using ModularShop.Contracts;

namespace ModularShop.Host.Storefront;

public sealed record CartDetails(Guid Id, string Status, IReadOnlyList<OrderLine> Lines, Money? Total, PostalAddress? Address)
{
    public bool IsOpen => Status == "open";

    public int Pieces => Lines.Sum(l => l.Quantity);
}

/// <summary>A line of a cart or of an order.</summary>
public sealed record OrderLine(string Sku, string Name, Money UnitPrice, int Quantity, Money Total);

public sealed record PostalAddress(string Recipient, string Line1, string City, string PostalCode, string Country, string? Line2 = null, string? Region = null)
{
    /// <summary>As it is written on a parcel.</summary>
    public IEnumerable<string> Lines()
    {
        foreach (var line in new[] { Recipient, Line1, Line2, $"{PostalCode} {City}", Region, CountryNames.Of(Country) })
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return line;
            }
        }
    }
}

/// <param name="Total">Of the whole order, sent by this service.</param>
public sealed record CartRate(string Service, string Name, Money Price, Money Total, int MinDays, int MaxDays)
{
    public string Days => MaxDays == 1 ? "1 working day" : MinDays == MaxDays ? $"{MinDays} working days" : $"{MinDays} to {MaxDays} working days";
}

public sealed record OrderPlaced(Guid OrderId, string Number);

public sealed record OrderDetails(
    Guid Id, string Number, string Status, string? Reason, bool Cancellable, DateTimeOffset PlacedAt, IReadOnlyList<OrderLine> Lines, Money ItemsTotal,
    OrderShipping Shipping, Money Total, PostalAddress Address, string? TrackingNumber, string? InvoiceNumber, Guid? ReturnedToCartId);

public sealed record OrderShipping(string Service, string Name, Money Price);

public sealed record HistoryRow(DateTimeOffset At, string Kind, string Text);

/// <summary>An order's state in words.</summary>
internal static class OrderStatus
{
    public static (string Text, string Tone) Say(string status) => status switch
    {
        "placed" => ("Being confirmed", "warm"),
        "confirmed" => ("Confirmed", "good"),
        "shipped" => ("On its way", "good"),
        "delivered" => ("Delivered", "good"),
        "completed" => ("Completed", "good"),
        "rejected" => ("Not accepted", "bad"),
        "cancelling" => ("Being cancelled", "warm"),
        "cancelled" => ("Cancelled", "bad"),
        _ => (status, "warm"),
    };
}
