using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Customers.Domain;

namespace ModularShop.Customers.Infrastructure.Passwords;

/// <summary>Section <c>Customers:LogIn</c>.</summary>
internal sealed record LogInOptions
{
    /// <summary>Wrong passwords in a row before an email is locked, 1 to 1000.</summary>
    public int MaxFailures { get; init; } = 10;

    /// <summary>How long it stays locked, 1 to 1440 minutes.</summary>
    public int LockMinutes { get; init; } = 15;
}

/// <summary>Asks for the password wherever it is asked for, counts what was wrong, and locks out who guesses.</summary>
internal sealed class PasswordCheck(
    CustomersDbContext db, PasswordHashes hashes, IOptions<LogInOptions> options, TimeProvider time, ILogger<PasswordCheck> logger)
{
    private (string? Hash, PasswordVerificationResult Result)? _compared;

    /// <summary>
    /// Null where the password is right; else why not. The caller must let the change be saved either way
    /// (<see cref="Answer{T}"/>).
    /// </summary>
    /// <param name="email">Normalised.</param>
    /// <param name="account">Whose password it should be; null where the email has no account.</param>
    /// <param name="wrong">What to say of a wrong password.</param>
    public async Task<Error?> RefusalAsync(string email, Account? account, string password, Error wrong, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var hash = LogInAttempts.HashOf(email);
        var attempts = await db.LogInAttempts.SingleOrDefaultAsync(a => a.EmailHash == hash, cancellationToken);
        if (attempts is null)
        {
            attempts = new LogInAttempts { EmailHash = hash };
            db.Add(attempts);
        }

        if (attempts.IsLocked(now))
        {
            return LockedOut(attempts, now);
        }

        var result = Compare(account?.PasswordHash, password);
        if (account is null || result is PasswordVerificationResult.Failed)
        {
            if (!attempts.Fail(options.Value.MaxFailures, TimeSpan.FromMinutes(options.Value.LockMinutes), now))
            {
                return wrong;
            }

            Log.LockedOut(logger, account?.Id, options.Value.MaxFailures, options.Value.LockMinutes);
            return LockedOut(attempts, now);
        }

        attempts.Succeed(now);
        if (result is PasswordVerificationResult.SuccessRehashNeeded)
        {
            account.PasswordHash = hashes.Of(password);
        }

        return null;
    }

    /// <summary>A command runs again where another was faster; the comparison, slow on purpose, need not.</summary>
    private PasswordVerificationResult Compare(string? hash, string password)
    {
        if (_compared is not { } compared || compared.Hash != hash)
        {
            compared = (hash, hashes.Compare(hash, password));
            _compared = compared;
        }

        return compared.Result;
    }

    private static Error LockedOut(LogInAttempts attempts, DateTimeOffset now)
    {
        var seconds = (int)Math.Ceiling((attempts.LockedUntil!.Value - now).TotalSeconds);
        return CustomersError.LockedOut.Because($"Too many wrong passwords in a row for this email. Try again in {seconds} s, or ask an operator to unlock it.")
            with { Facts = new Dictionary<string, object?>(StringComparer.Ordinal) { [Answers.RetryAfter] = seconds } };
    }
}
