using ModularShop.Catalog.Contracts;
using ModularShop.Catalog.Features.ChangePrice;
using ModularShop.Catalog.Features.ExpireReservations;
using ModularShop.Catalog.Features.GetProduct;
using ModularShop.Catalog.Features.ListProducts;
using ModularShop.Catalog.Infrastructure;

namespace ModularShop.Catalog;

/// <summary>Products, categories and stock.</summary>
public sealed class CatalogModule : IModule
{
    public string Name => "Catalog";

    public void AddServices(ModuleBuilder module)
    {
        module.AddDatabase<CatalogDbContext>().AddMessaging<CatalogDbContext>();
        module.AddRecurringJob<ExpireReservations>("ExpireReservations", TimeSpan.FromSeconds(10));
        module.Services.AddScoped<ICatalogApi, CatalogApi>();
    }

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
        ListProductsEndpoint.Map(api);
        GetProductEndpoint.Map(api);
        ChangePriceEndpoint.Map(api);
    }
}
