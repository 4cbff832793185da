using Microsoft.Extensions.Options;
using ModularShop.Customers.Domain;

namespace ModularShop.Customers.Infrastructure.Tokens;

/// <summary>Section <c>Customers:Tokens</c>.</summary>
internal sealed record TokenOptions
{
    /// <summary>How long an access token is valid, 1 to 1440 minutes; it cannot be taken back earlier.</summary>
    public int AccessMinutes { get; init; } = 15;

    /// <summary>How long a refresh token is valid, 1 to 365 days.</summary>
    public int RefreshDays { get; init; } = 30;

    /// <summary>How long an operator is logged in at most, however often the session is renewed, 1 to 720 hours.</summary>
    public int OperatorHours { get; init; } = 12;

    /// <summary>How long a used refresh token may be sent again by a client whose answer got lost, 0 to 300 seconds.</summary>
    public int ReuseGraceSeconds { get; init; } = 10;
}

/// <param name="ExpiresIn">Seconds the access token is valid.</param>
/// <param name="RefreshToken">Good for one use; the answer has the next one.</param>
internal sealed record TokenPair(string AccessToken, string TokenType, int ExpiresIn, string RefreshToken, DateTimeOffset RefreshTokenExpiresAt);

/// <summary>Starts, continues and ends sessions; the caller's unit of work saves.</summary>
internal sealed class Sessions(CustomersDbContext db, AccessTokens accessTokens, IOptions<TokenOptions> options, TimeProvider time)
{
    public TokenPair Start(Account account)
    {
        var now = time.GetUtcNow();
        var (session, issued) = Session.Start(account.Id, now, Lifetime(account, startedAt: now, now));
        db.Add(session);
        db.Add(issued.Row);
        return Pair(account, session, issued.Secret);
    }

    public TokenPair Rotate(Account account, Session session, RefreshToken used, string secret)
    {
        var now = time.GetUtcNow();
        var issued = session.Rotate(used, secret, now, Lifetime(account, session.StartedAt, now));
        db.Add(issued.Row);
        return Pair(account, session, issued.Secret);
    }

    public TokenPair? Repeat(Account account, Session session, RefreshToken used, string secret) =>
        session.Repeat(used, secret, time.GetUtcNow(), TimeSpan.FromSeconds(options.Value.ReuseGraceSeconds)) is { } live ? Pair(account, session, live) : null;

    /// <summary>It is as old as a session of such an account may become, whatever its tokens say.</summary>
    public bool IsOver(Account account, Session session) => Lifetime(account, session.StartedAt, time.GetUtcNow()) <= TimeSpan.Zero;

    /// <summary>Ends every session of the account but <paramref name="except"/>.</summary>
    public async Task EndAllAsync(Guid accountId, Guid? except, SessionEnd because, CancellationToken cancellationToken)
    {
        foreach (var session in await db.Sessions.Where(s => s.AccountId == accountId && s.EndedAt == null).ToListAsync(cancellationToken))
        {
            if (session.Id != except)
            {
                session.End(because, time.GetUtcNow());
            }
        }
    }

    /// <summary>Of a token that is issued now.</summary>
    private TimeSpan Lifetime(Account account, DateTimeOffset startedAt, DateTimeOffset now)
    {
        var longest = TimeSpan.FromDays(options.Value.RefreshDays);
        var left = startedAt.AddHours(options.Value.OperatorHours) - now;
        return account.Role is AccountRole.Operator && left < longest ? left : longest;
    }

    private TokenPair Pair(Account account, Session session, string secret) => new(
        accessTokens.Make(account, session.Id), "Bearer", options.Value.AccessMinutes * 60, secret, session.ExpiresAt);
}
