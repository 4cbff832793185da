using Microsoft.Extensions.Options;
using ModularShop.Modularity.Peers;

namespace ModularShop.Modularity.Deployables;

/// <summary>Where a service's data is.</summary>
public enum ServiceData
{
    /// <summary>In the module's existing database: code first, data later. The host makes and migrates the tables.</summary>
    Attached,

    /// <summary>In a database of the service's own, which it migrates itself and into which the data is moved.</summary>
    Own,
}

/// <summary>Section <c>Service</c>: of a module that runs in a process of its own.</summary>
public sealed record ServiceOptions
{
    public ServiceData Data { get; init; } = ServiceData.Attached;
}

internal sealed class ServiceRules(IOptions<PeerOptions> peers) : IValidateOptions<ServiceOptions>
{
    public ValidateOptionsResult Validate(string? name, ServiceOptions options) => peers.Value.Listens
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail("Peers:Listen is not set: a service answers its peers alone. Set an address, such as https://127.0.0.1:5101.");
}
