namespace ModularShop.Customers.Domain;

/// <summary>A place one customer has parcels sent to.</summary>
internal sealed class Address
{
    public const int MaxRecipient = 100;

    public const int MaxLine = 200;

    public const int MaxPlace = 100;

    public const int MaxPostalCode = 20;

    public Guid Id { get; private init; } = Guid.CreateVersion7();

    public Guid AccountId { get; private init; }

    public DateTimeOffset AddedAt { get; private init; }

    public string Recipient { get; private set; } = "";

    public string Line1 { get; private set; } = "";

    public string? Line2 { get; private set; }

    public string City { get; private set; } = "";

    public string? Region { get; private set; }

    public string PostalCode { get; private set; } = "";

    public string Country { get; private set; } = "";

    public static Address Of(Guid accountId, PostalAddress postal, DateTimeOffset now)
    {
        var address = new Address { AccountId = accountId, AddedAt = now };
        address.Change(postal);
        return address;
    }

    public void Change(PostalAddress postal)
    {
        Recipient = postal.Recipient.Trim();
        Line1 = postal.Line1.Trim();
        Line2 = Optional(postal.Line2);
        City = postal.City.Trim();
        Region = Optional(postal.Region);
        PostalCode = postal.PostalCode.Trim();
        Country = Countries.Normalise(postal.Country);
    }

    public PostalAddress ToPostal() => new(Recipient, Line1, City, PostalCode, Country, Line2, Region);

    private static string? Optional(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
