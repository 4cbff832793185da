using ModularShop.Catalog;
using ModularShop.Host;
using ModularShop.Host.Welcome;
using ModularShop.Messaging;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Modules;

var builder = WebApplication.CreateBuilder(args);
builder.AddPlatform();
builder.AddModules(
    new CatalogModule());

var app = builder.Build();
app.UsePlatform();
app.MapModules();
app.MapDeadLetters();
app.MapApiDocuments();
app.MapWelcome();
return await app.RunShopAsync();
