namespace ModularShop.Customers.Domain;

internal enum SessionEnd
{
    LoggedOut,
    PasswordChanged,
    AccountClosed,
    TokenReused,
}

/// <summary>
/// One log-in and the chain of refresh tokens that came of it; its id is the family of those tokens. Only the
/// newest of them is live: every use makes the next one, and an older one that turns up again ends the session.
/// </summary>
internal sealed class Session : AggregateRoot
{
    public Guid AccountId { get; private init; }

    public DateTimeOffset StartedAt { get; private init; }

    /// <summary>When its newest token expires.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    public SessionEnd? EndedBecause { get; private set; }

    /// <summary>The token the live one was made from.</summary>
    public string? LastUsedHash { get; private set; }

    /// <summary>What the live one was made with: from this and the used token, the same successor can be made again.</summary>
    public byte[]? LastSeed { get; private set; }

    public DateTimeOffset? LastUsedAt { get; private set; }

    public static (Session Session, IssuedRefreshToken Token) Start(Guid accountId, DateTimeOffset now, TimeSpan lifetime)
    {
        var session = new Session { AccountId = accountId, StartedAt = now };
        return (session, session.Issue(RefreshSecret.New(), now, lifetime));
    }

    /// <summary>Uses the live token up and makes the next one.</summary>
    public IssuedRefreshToken Rotate(RefreshToken used, string secret, DateTimeOffset now, TimeSpan lifetime)
    {
        used.UsedAt = now;
        LastUsedHash = used.Hash;
        LastUsedAt = now;
        LastSeed = RefreshSecret.NewSeed();
        return Issue(RefreshSecret.SuccessorOf(secret, LastSeed), now, lifetime);
    }

    /// <summary>
    /// The live token once more, for a client that sent the last one twice: its answer got lost, or two of its
    /// requests crossed. Null where the token is not the last one used, or that was longer ago than the grace.
    /// </summary>
    public string? Repeat(RefreshToken used, string secret, DateTimeOffset now, TimeSpan grace) =>
        used.Hash == LastUsedHash && LastUsedAt is { } at && now - at <= grace && LastSeed is { } seed ? RefreshSecret.SuccessorOf(secret, seed) : null;

    public void End(SessionEnd because, DateTimeOffset now)
    {
        if (EndedAt is null)
        {
            EndedAt = now;
            EndedBecause = because;
            LastSeed = null;
        }
    }

    private IssuedRefreshToken Issue(string secret, DateTimeOffset now, TimeSpan lifetime)
    {
        ExpiresAt = now + lifetime;
        return new IssuedRefreshToken(secret, new RefreshToken { Hash = RefreshSecret.HashOf(secret), SessionId = Id, IssuedAt = now, ExpiresAt = ExpiresAt });
    }
}

/// <summary>A refresh token as the shop knows it: by its hash.</summary>
internal sealed class RefreshToken
{
    public required string Hash { get; init; }

    public Guid SessionId { get; init; }

    public DateTimeOffset IssuedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Since when it has a successor.</summary>
    public DateTimeOffset? UsedAt { get; set; }
}

/// <summary>A new refresh token: <paramref name="Secret"/> for the client, <paramref name="Row"/> to keep.</summary>
internal sealed record IssuedRefreshToken(string Secret, RefreshToken Row);
