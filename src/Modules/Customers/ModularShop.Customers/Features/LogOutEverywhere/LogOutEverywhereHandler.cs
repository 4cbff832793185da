using ModularShop.Customers.Domain;
using ModularShop.Customers.Infrastructure.Tokens;

namespace ModularShop.Customers.Features.LogOutEverywhere;

internal sealed class LogOutEverywhereHandler(Sessions sessions) : IRequestHandler<LogOutEverywhere, Result>
{
    public async Task<Result> Handle(LogOutEverywhere command, CancellationToken cancellationToken)
    {
        await sessions.EndAllAsync(command.AccountId, except: null, SessionEnd.LoggedOut, cancellationToken);
        return Result.Ok;
    }
}
