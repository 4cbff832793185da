using ModularShop.Customers.Contracts;

namespace ModularShop.Customers.Domain;

internal enum AccountRole
{
    Customer,
    Operator,
}

/// <summary>Somebody who can log in: a customer with addresses and preferences, or an operator.</summary>
internal sealed class Account : AggregateRoot
{
    public const int MaxAddresses = 20;

    private readonly List<Address> _addresses = [];

    /// <summary>Normalised, unique; of a closed account a placeholder that is no email address.</summary>
    public required string Email { get; set; }

    public required string PasswordHash { get; set; }

    public AccountRole Role { get; private init; }

    public required string Name { get; set; }

    public string? Phone { get; set; }

    public DateTimeOffset RegisteredAt { get; private init; }

    /// <summary>Since when it is closed and holds nothing personal any more.</summary>
    public DateTimeOffset? ClosedAt { get; private set; }

    public Guid? DefaultAddressId { get; private set; }

    public string Language { get; private set; } = "en";

    public string Currency { get; private set; } = "EUR";

    public bool MarketingConsent { get; private set; }

    /// <summary>When the consent was last given or withdrawn; null where it was never asked for.</summary>
    public DateTimeOffset? MarketingConsentChangedAt { get; private set; }

    public IReadOnlyList<Address> Addresses => _addresses;

    public override string Subject => $"customer/{Id}";

    public static Account Register(string email, string passwordHash, string name, DateTimeOffset now)
    {
        var account = new Account { Email = email, PasswordHash = passwordHash, Name = name, Role = AccountRole.Customer, RegisteredAt = now };
        account.Publish(new CustomerRegistered(account.Id));
        return account;
    }

    public static Account Operator(string email, string passwordHash, string name, DateTimeOffset now) =>
        new() { Email = email, PasswordHash = passwordHash, Name = name, Role = AccountRole.Operator, RegisteredAt = now };

    public void LogIn(Guid? anonymousCartId)
    {
        if (Role is AccountRole.Customer)
        {
            Publish(new CustomerLoggedIn(Id, anonymousCartId));
        }
    }

    /// <summary>The first address is the default one until another is chosen.</summary>
    public Result<Address> AddAddress(PostalAddress postal, DateTimeOffset now)
    {
        if (_addresses.Count >= MaxAddresses)
        {
            return CustomersError.TooManyAddresses.Because($"An account keeps at most {MaxAddresses} addresses; remove one first.");
        }

        var address = Address.Of(Id, postal, now);
        _addresses.Add(address);
        DefaultAddressId ??= address.Id;
        return address;
    }

    public Result<Address> ChangeAddress(Guid id, PostalAddress postal)
    {
        if (AddressOf(id) is not { } address)
        {
            return NoAddress(id);
        }

        address.Change(postal);
        return address;
    }

    /// <summary>Where the default address goes, the one that was added first takes its place.</summary>
    public Result RemoveAddress(Guid id)
    {
        if (AddressOf(id) is not { } address)
        {
            return NoAddress(id);
        }

        _addresses.Remove(address);
        if (DefaultAddressId == id)
        {
            DefaultAddressId = _addresses.MinBy(a => a.AddedAt)?.Id;
        }

        return Result.Ok;
    }

    public Result ChooseDefaultAddress(Guid id)
    {
        if (AddressOf(id) is null)
        {
            return NoAddress(id);
        }

        DefaultAddressId = id;
        return Result.Ok;
    }

    public void Prefer(string language, string currency, bool marketingConsent, DateTimeOffset now)
    {
        Language = language;
        Currency = currency;
        if (marketingConsent != MarketingConsent)
        {
            MarketingConsent = marketingConsent;
            MarketingConsentChangedAt = now;
        }
    }

    /// <summary>Forgets the person; the id stays, because orders and invoices name it.</summary>
    public void Close(DateTimeOffset now)
    {
        Email = $"closed-{Id:N}";
        PasswordHash = "";
        Name = "";
        Phone = null;
        DefaultAddressId = null;
        _addresses.Clear();
        MarketingConsent = false;
        MarketingConsentChangedAt = null;
        ClosedAt = now;
    }

    private static Error NoAddress(Guid id) => CustomersError.AddressNotFound.Because($"You have no address {id}; GET me/addresses lists yours.");

    private Address? AddressOf(Guid id) => _addresses.Find(a => a.Id == id);
}
