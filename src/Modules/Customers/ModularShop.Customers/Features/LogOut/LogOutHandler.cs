using ModularShop.Customers.Domain;
using ModularShop.Customers.Infrastructure;

namespace ModularShop.Customers.Features.LogOut;

/// <summary>Any token of the session ends it, used or not; an unknown one means that there is nothing left to end.</summary>
internal sealed class LogOutHandler(CustomersDbContext db, TimeProvider time) : IRequestHandler<LogOut, Result>
{
    public async Task<Result> Handle(LogOut command, CancellationToken cancellationToken)
    {
        var hash = RefreshSecret.HashOf(command.RefreshToken);
        var session = await db.Sessions.SingleOrDefaultAsync(s => db.RefreshTokens.Any(t => t.Hash == hash && t.SessionId == s.Id), cancellationToken);
        session?.End(SessionEnd.LoggedOut, time.GetUtcNow());
        return Result.Ok;
    }
}
