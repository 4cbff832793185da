using ModularShop.Catalog.Contracts;
using ModularShop.Catalog.Features;
using ModularShop.Catalog.Features.AdjustStock;
using ModularShop.Catalog.Features.ChangePrice;
using ModularShop.Catalog.Features.CreateCategory;
using ModularShop.Catalog.Features.CreateProduct;
using ModularShop.Catalog.Features.DiscontinueProduct;
using ModularShop.Catalog.Features.EditProduct;
using ModularShop.Catalog.Features.ExpireReservations;
using ModularShop.Catalog.Features.GetProduct;
using ModularShop.Catalog.Features.GetStock;
using ModularShop.Catalog.Features.ImportProducts;
using ModularShop.Catalog.Features.ListCategories;
using ModularShop.Catalog.Features.ListProducts;
using ModularShop.Catalog.Features.ReinstateProduct;
using ModularShop.Catalog.Features.RenameCategory;
using ModularShop.Catalog.Infrastructure;
using ModularShop.Catalog.Infrastructure.Seed;

namespace ModularShop.Catalog;

/// <summary>Products, categories and stock.</summary>
public sealed class CatalogModule : IModule
{
    public string Name => "Catalog";

    public void AddServices(ModuleBuilder module)
    {
        module.AddDatabase<CatalogDbContext>().AddMessaging<CatalogDbContext>().AddKeptAnswers(CatalogAnswers.Of);
        module.AddRecurringJob<ExpireReservations>("ExpireReservations", TimeSpan.FromSeconds(10));
        module.AddApi<ICatalogApi, CatalogApi>();
        module.Services.AddKeyedScoped<IModuleSeed, DemoProducts>(module.Name);
        module.Services.AddKeyedScoped<IWarmUp, CatalogWarmUp>(module.Name);
    }

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
        ListProductsEndpoint.Map(api);
        GetProductEndpoint.Map(api);
        CreateProductEndpoint.Map(api);
        EditProductEndpoint.Map(api);
        ChangePriceEndpoint.Map(api);
        DiscontinueProductEndpoint.Map(api);
        ReinstateProductEndpoint.Map(api);
        GetStockEndpoint.Map(api);
        AdjustStockEndpoint.Map(api);
        ImportProductsEndpoint.Map(api);
        ListCategoriesEndpoint.Map(api);
        CreateCategoryEndpoint.Map(api);
        RenameCategoryEndpoint.Map(api);
    }
}
