using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Catalog.Infrastructure;
using ModularShop.Customers.Infrastructure;
using ModularShop.Modularity.Data;
using ModularShop.Ordering.Infrastructure;
using ModularShop.Payments.Infrastructure;
using ModularShop.Shipping.Infrastructure;

namespace ModularShop.TestKit;

/// <summary>The modules' tables, looked at, and written, from outside a host.</summary>
public static class ModuleContexts
{
    private static readonly IServiceProvider Services = new ServiceCollection().AddSingleton<WriteGates>().BuildServiceProvider();

    public static IReadOnlyList<ModuleDbContext> OpenAll(this TestDatabase database) =>
    [
        database.Open<CatalogDbContext>(), database.Open<OrderingDbContext>(), database.Open<PaymentsDbContext>(),
        database.Open<ShippingDbContext>(), database.Open<CustomersDbContext>(),
    ];

    public static TContext Open<TContext>(this TestDatabase database)
        where TContext : ModuleDbContext
    {
        var options = new DbContextOptionsBuilder<TContext>();
        options.UseApplicationServiceProvider(Services);
        options.UseModuleDatabase(typeof(TContext).Name.Replace("DbContext", "", StringComparison.Ordinal), database.Options, database.Folder);
        return (TContext)Activator.CreateInstance(typeof(TContext), options.Options)!;
    }
}
