using Microsoft.AspNetCore.Routing;

namespace ModularShop.Modularity.Modules;

/// <summary>
/// One bounded context. The implementation is the only public type of its assembly, and all that a host
/// knows of it.
/// </summary>
public interface IModule
{
    /// <summary>In Pascal case: the prefix of its endpoint and message names; in lower case its schema.</summary>
    string Name { get; }

    /// <summary>Registers the module's services.</summary>
    void AddServices(ModuleBuilder module);

    /// <summary>Maps the module's endpoints; <paramref name="api"/> is the group <c>/api/v1/&lt;module&gt;</c>.</summary>
    void MapEndpoints(IEndpointRouteBuilder api);
}
