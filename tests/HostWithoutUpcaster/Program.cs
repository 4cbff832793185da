using HostWithoutUpcaster;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Modules;

// A host as a developer leaves it who raised the version of a message and forgot those that are under way.
return await ShopHost.RunAsync(args, builder => builder.AddModules(new PostboxModule()), app => app.MapModules(), started: _ => { });
