using ModularShop.Facade;
using ModularShop.Messaging;
using ModularShop.Modularity.Apis;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Modules;
using ModularShop.Shipping;

return await ShopHost.RunAsync(
    args,
    builder =>
    {
        builder.AddPlatform("Shipping");
        builder.AddModules(new ShippingModule());
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
    started: app => Console.Out.WriteLine($"The Shipping service answers its peers at {app.Urls.First()}. Stop with Ctrl+C."));
