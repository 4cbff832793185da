using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Catalog.Infrastructure;
using ModularShop.Modularity.Deployables;

namespace Modules.Tests.Facade;

/// <summary>Another process gives Catalog's data away and takes it back.</summary>
internal static class ThereAndBack
{
    public static async Task MoveThereAndBackAsync(this ShopFixture shop)
    {
        await using var scope = shop.Services.CreateAsyncScope();
        var catalog = scope.ServiceProvider.GetRequiredService<CatalogDbContext>();
        if (await catalog.Set<OwnershipRow>().SingleOrDefaultAsync() is { } row)
        {
            row.Epoch += 2;
        }
        else
        {
            catalog.Add(new OwnershipRow { Module = "Catalog", Owner = Owner.Monolith, Epoch = 3, ChangedAt = shop.Clock.GetUtcNow(), By = "tests", Reason = "there and back" });
        }

        await catalog.SaveChangesAsync();
    }
}
