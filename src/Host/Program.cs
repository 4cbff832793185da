using ModularShop.Catalog;
using ModularShop.Customers;
using ModularShop.Host.Welcome;
using ModularShop.Messaging;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Modules;
using ModularShop.Payments;

return await ShopHost.RunAsync(
    args,
    builder =>
    {
        builder.AddPlatform();
        builder.AddModules(
            new CatalogModule(),
            new CustomersModule(),
            new PaymentsModule());
    },
    app =>
    {
        app.UsePlatform();
        app.MapModules();
        app.MapDeadLetters();
        app.MapApiDocuments();
        app.MapWelcome();
    },
    started: app => WelcomeText.Print(app, Console.Out));
