namespace ModularShop.Facade;

/// <summary>Section <c>Facade:Dns</c>: destinations whose host is a name of several addresses, each of which is a destination then.</summary>
public sealed record DnsOptions
{
    /// <summary>Without it a name is one destination: one of its addresses that takes the connection.</summary>
    public bool Enabled { get; init; }

    /// <summary>How often names are looked up, 1 to 3600 seconds.</summary>
    public int RefreshSeconds { get; init; } = 10;

    /// <summary>Which addresses are used.</summary>
    public DnsAddresses Addresses { get; init; } = DnsAddresses.Any;
}

public enum DnsAddresses
{
    Any,
    IPv4,
    IPv6,
}
