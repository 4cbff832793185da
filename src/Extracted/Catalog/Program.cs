using ModularShop.Catalog;
using ModularShop.Facade;
using ModularShop.Messaging;
using ModularShop.Modularity.Apis;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Modules;

return await ShopHost.RunAsync(
    args,
    builder =>
    {
        builder.AddPlatform("Catalog");
        builder.AddModules(new CatalogModule());
        builder.AddFacade();
    },
    app =>
    {
        app.UsePlatform();
        app.MapFacade();
        app.MapModuleApis();
        app.MapMessageTransport();
        app.MapDeadLetters();
        app.MapApiDocuments();
    },
    started: app => Console.Out.WriteLine($"The Catalog service answers its peers at {app.Urls.First()}. Stop with Ctrl+C."));
