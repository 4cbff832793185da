using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Customers.Domain;
using ModularShop.Customers.Infrastructure.Passwords;

namespace ModularShop.Customers.Infrastructure.Seed;

/// <summary>Section <c>Customers:FirstOperator</c>: the operator that a new shop has, who can create the others.</summary>
internal sealed record FirstOperatorOptions
{
    public string? Email { get; init; }

    public string? Password { get; init; }

    public string Name { get; init; } = "Operator";

    public bool IsSet => Email is not null || Password is not null;

    public bool IsUsable => Email is not null && Password is not null && EmailAddress.IsValid(Email)
        && !PasswordRules.Violations(Password, EmailAddress.Normalise(Email)).Any();
}

/// <summary>
/// The accounts that configuration names, unless they are there already: the first operator, and the demo
/// customer and operator. An existing account keeps its password.
/// </summary>
internal sealed class ConfiguredAccounts(
    CustomersDbContext db, PasswordHashes hashes, IConfiguration configuration, IOptions<FirstOperatorOptions> firstOperator, TimeProvider time,
    ILogger<ConfiguredAccounts> logger) : IModuleSeed
{
    public async Task SeedAsync(CancellationToken cancellationToken)
    {
        if (firstOperator.Value is { Email: { } email, Password: { } password, Name: var name })
        {
            await AddAsync(email, password, (e, hash, now) => Account.Operator(e, hash, name, now), cancellationToken);
        }

        // The demo passwords are printed on the start page: rules for passwords would protect nothing.
        if (configuration.GetSection("Demo:Operator") is var demoOperator && demoOperator["Email"] is { } operatorEmail && demoOperator["Password"] is { } operatorPassword)
        {
            await AddAsync(operatorEmail, operatorPassword, (e, hash, now) => Account.Operator(e, hash, "Olive Operator", now), cancellationToken);
        }

        if (configuration.GetSection("Demo:Customer") is var demo && demo["Email"] is { } customerEmail && demo["Password"] is { } customerPassword)
        {
            await AddAsync(customerEmail, customerPassword, DemoCustomer, cancellationToken);
        }
    }

    private static Account DemoCustomer(string email, string passwordHash, DateTimeOffset now)
    {
        var customer = Account.Register(email, passwordHash, "Dana Demo", now);
        customer.AddAddress(new PostalAddress("Dana Demo", "12 Harbour Street", "Hamburg", "20457", "DE"), now);
        return customer;
    }

    private async Task AddAsync(string email, string password, Func<string, string, DateTimeOffset, Account> make, CancellationToken cancellationToken)
    {
        var normalised = EmailAddress.Normalise(email);
        if (await db.Accounts.AnyAsync(a => a.Email == normalised, cancellationToken))
        {
            return;
        }

        var account = make(normalised, hashes.Of(password), time.GetUtcNow());
        db.Add(account);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            Log.AccountSeeded(logger, account.Role.ToString().ToLowerInvariant(), account.Id);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // Another host that starts on the same database was faster.
            db.ChangeTracker.Clear();
        }
    }
}
