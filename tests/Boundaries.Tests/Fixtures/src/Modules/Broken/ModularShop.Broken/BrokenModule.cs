using ModularShop.Broken.Features.ListGadgets;
using ModularShop.Broken.Infrastructure;
using ModularShop.Modularity.Modules;

namespace ModularShop.Broken;

public sealed class BrokenModule : IModule
{
    public string Name => "Broken";

    public void AddServices(ModuleBuilder module) => module.AddDatabase<BrokenDbContext>();

    public void MapEndpoints(IEndpointRouteBuilder api) => BadlyNamedEndpoints.Map(api);
}
