using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Modules;

namespace ModularShop.Facade;

/// <summary>
/// Stands where the endpoints of a module were that has left this host: with the same addresses, rights and limits, so that their
/// twins let in what they let in and nothing else. It answers only who must not be sent on.
/// </summary>
internal static class DepartedEndpoints
{
    public static void MapDeparted(this IEndpointRouteBuilder routes, DepartedModule module, EndpointInventory inventory)
    {
        var group = routes.MapGroup("").WithTags(module.Name).WithGroupName(module.Schema).ExcludeFromDescription();
        inventory.Mark(group, module.Name, hasLeft: true);
        foreach (var endpoint in module.Manifest.Endpoints)
        {
            endpoint.Map(group, http => new Failure(FacadeError.Unavailable.Because($"{module.Name} has left this host: its service answers, and nobody else.")).ExecuteAsync(http));
        }
    }
}
