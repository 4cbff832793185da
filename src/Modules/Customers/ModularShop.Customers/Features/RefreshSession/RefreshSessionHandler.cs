using Microsoft.Extensions.Logging;
using ModularShop.Customers.Domain;
using ModularShop.Customers.Infrastructure;
using ModularShop.Customers.Infrastructure.Tokens;

namespace ModularShop.Customers.Features.RefreshSession;

/// <remarks>
/// Two requests with the same token: both find it unused and change the session, the second save fails on the
/// session's version and runs again, now finds the token used, and repeats the successor that the first made.
/// </remarks>
internal sealed class RefreshSessionHandler(CustomersDbContext db, Sessions sessions, TimeProvider time, ILogger<RefreshSessionHandler> logger)
    : IRequestHandler<RefreshSession, Result<Answer<TokenPair>>>
{
    public async Task<Result<Answer<TokenPair>>> Handle(RefreshSession command, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var hash = RefreshSecret.HashOf(command.RefreshToken);
        var found = await (
            from token in db.RefreshTokens
            join session in db.Sessions on token.SessionId equals session.Id
            where token.Hash == hash
            select new { token, session })
            .SingleOrDefaultAsync(cancellationToken);
        if (found is null || found.token.ExpiresAt <= now || found.session.EndedAt is not null
            || await db.OpenAccountAsync(found.session.AccountId, cancellationToken) is not { } account || sessions.IsOver(account, found.session))
        {
            return CustomersError.RefreshInvalid.Because("This refresh token is unknown or expired, or its session has ended. Log in again.");
        }

        if (found.token.UsedAt is null)
        {
            return Answer<TokenPair>.Of(sessions.Rotate(account, found.session, found.token, command.RefreshToken));
        }

        if (sessions.Repeat(account, found.session, found.token, command.RefreshToken) is { } live)
        {
            return Answer<TokenPair>.Of(live);
        }

        // One of two holders of this token is a thief, and nobody can tell which: both have to log in again.
        found.session.End(SessionEnd.TokenReused, now);
        Log.RefreshTokenReused(logger, account.Id, found.session.Id);
        return Answer<TokenPair>.Refused(CustomersError.RefreshReused.Because(
            "This refresh token has been used before. Somebody else may have a copy, so the session is ended; log in again."));
    }
}
