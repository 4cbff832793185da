using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using ModularShop.Customers.Domain;

namespace ModularShop.Customers.Infrastructure.Passwords;

/// <summary>Section <c>Customers:Passwords</c>.</summary>
internal sealed record PasswordOptions
{
    /// <summary>Rounds of PBKDF2-HMAC-SHA512, 1,000 to 10,000,000. Raising it rehashes each password at its next log-in.</summary>
    public int Iterations { get; init; } = 210_000;
}

/// <summary>Hashes passwords and compares them, in the same time whether or not there is an account.</summary>
internal sealed class PasswordHashes
{
    private readonly PasswordHasher<Account> _hasher;
    private readonly Lazy<string> _nobodys;

    public PasswordHashes(IOptions<PasswordOptions> options)
    {
        _hasher = new PasswordHasher<Account>(Options.Create(new PasswordHasherOptions { IterationCount = options.Value.Iterations }));
        _nobodys = new Lazy<string>(() => Of(RefreshSecret.New()));
    }

    // The hasher takes a user and does not look at it.
    public string Of(string password) => _hasher.HashPassword(null!, password);

    public PasswordVerificationResult Compare(string? hash, string password)
    {
        var result = _hasher.VerifyHashedPassword(null!, hash ?? _nobodys.Value, password);
        return hash is null ? PasswordVerificationResult.Failed : result;
    }
}
