using Microsoft.EntityFrameworkCore;
using ModularShop.Catalog.Infrastructure;

namespace ModularShop.TestKit;

/// <summary>Rows that nobody wrote, in the database that a module's tables are moved to.</summary>
public static class TamperedRows
{
    /// <summary>Changes the brand of a product of Catalog's copy behind the move's back; on SQLite, by the switch that the copier itself writes under.</summary>
    public static async Task RebrandCopyAsync(this TestDatabase copy, string sku, string brand)
    {
        await using var catalog = copy.Open<CatalogDbContext>();
        await using var transaction = await catalog.BeginWriteAsync(CancellationToken.None);
        await catalog.Database.ExecuteSqlAsync($"""
            UPDATE move_flags SET "Replicating" = 1;
            UPDATE products SET "Brand" = {brand} WHERE "Sku" = {sku};
            UPDATE move_flags SET "Replicating" = 0;
            """);
        await transaction.CommitAsync(CancellationToken.None);
    }
}
