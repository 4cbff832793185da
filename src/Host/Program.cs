using ModularShop.Catalog;
using ModularShop.Customers;
using ModularShop.Documentation;
using ModularShop.Facade;
using ModularShop.Host.Console;
using ModularShop.Host.Pages;
using ModularShop.Host.ShopOrders;
using ModularShop.Host.Storefront;
using ModularShop.Host.Welcome;
using ModularShop.Messaging;
using ModularShop.Modularity.Apis;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Modules;
using ModularShop.MoveTables;
using ModularShop.Ordering;
using ModularShop.Payments;
using ModularShop.Shipping;

return await ShopHost.RunAsync(
    args,
    builder =>
    {
        builder.AddPlatform();
        builder.AddModules(
            new CatalogModule(),
            new OrderingModule(),
            new PaymentsModule(),
            new ShippingModule(),
            new CustomersModule());
        builder.AddFacade();
        builder.AddMoveTables();
        builder.AddShopOrders();
        builder.AddPages();
        builder.AddConsole();
        builder.AddDocumentation();
    },
    app =>
    {
        app.UseApiWithin();
        app.UsePlatform(forPeople: web => web.UsePageErrors(), whoIsIt: web => web.UsePageSessions());
        app.MapFacade();
        app.MapModuleApis();
        app.MapMessageTransport();
        app.MapDeadLetters();
        app.MapOwnership();
        app.MapMoveTables();
#if HANGFIRE
        app.MapJobs();
#endif
        app.MapApiDocuments();
        app.MapShopOrders();
        app.MapWelcome();
        app.MapPageAssets();
        app.MapStorefront();
        app.MapConsole();
    },
    started: app => WelcomeText.Print(app, Console.Out));
