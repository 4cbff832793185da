using ModularShop.Modularity.Modules;
using ModularShop.Neighbour.Features.ListWidgets;
using ModularShop.Neighbour.Infrastructure;

// Broken: the neighbour shows what it has to one module.
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("ModularShop.Broken")]

namespace ModularShop.Neighbour;

public sealed class NeighbourModule : IModule
{
    public string Name => "Neighbour";

    public void AddServices(ModuleBuilder module) => module.AddDatabase<NeighbourDbContext>().AddMessaging<NeighbourDbContext>();

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapListWidgets();
}
