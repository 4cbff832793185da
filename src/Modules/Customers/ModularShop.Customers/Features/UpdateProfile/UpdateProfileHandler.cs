using ModularShop.Customers.Infrastructure;

namespace ModularShop.Customers.Features.UpdateProfile;

internal sealed class UpdateProfileHandler(CustomersDbContext db) : IRequestHandler<UpdateProfile, Result>
{
    public async Task<Result> Handle(UpdateProfile command, CancellationToken cancellationToken)
    {
        if (await db.OpenAccountAsync(command.AccountId, cancellationToken) is not { } account)
        {
            return AccountQueries.NoAccount(command.AccountId);
        }

        account.Name = command.Name.Trim();
        account.Phone = command.Phone;
        return Result.Ok;
    }
}
