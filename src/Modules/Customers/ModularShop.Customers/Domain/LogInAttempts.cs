using System.Security.Cryptography;
using System.Text;

namespace ModularShop.Customers.Domain;

/// <summary>
/// How often a password was wrong in a row, by email and whether or not the email has an account: a lock-out
/// tells nobody who is a customer. Every attempt changes the row, so attempts at the same time count one by one.
/// </summary>
internal sealed class LogInAttempts : AggregateRoot
{
    /// <summary>Of the normalised email: who only tried to log in leaves no address here.</summary>
    public required string EmailHash { get; init; }

    public int Failures { get; private set; }

    public DateTimeOffset LastAt { get; private set; }

    public DateTimeOffset? LockedUntil { get; private set; }

    public static string HashOf(string email) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(email)));

    public bool IsLocked(DateTimeOffset now) => LockedUntil > now;

    public void Succeed(DateTimeOffset now)
    {
        Unlock();
        LastAt = now;
    }

    /// <summary>True where this failure locks.</summary>
    public bool Fail(int maxFailures, TimeSpan lockFor, DateTimeOffset now)
    {
        Failures++;
        LastAt = now;
        if (Failures < maxFailures)
        {
            return false;
        }

        Failures = 0;
        LockedUntil = now + lockFor;
        return true;
    }

    public void Unlock()
    {
        Failures = 0;
        LockedUntil = null;
    }
}
