using Microsoft.AspNetCore.Http;

namespace ModularShop.Facade;

/// <summary>A named endpoint of a module, the unit that traffic is moved by.</summary>
/// <param name="Index">Its place in every snapshot's table of routes.</param>
internal sealed record FacadeEndpoint(int Index, string Name, string Module, string Template, IReadOnlyList<string> Methods)
{
    /// <summary>Whether all it does is read: it may be answered twice, and by whoever has the data.</summary>
    public bool IsSafe { get; } = Methods.All(m => HttpMethods.IsGet(m) || HttpMethods.IsHead(m));

    /// <summary>Whether its module has left this host, so that its service alone can answer, whatever the routing says.</summary>
    public bool HasLeft { get; init; }

    /// <summary>There is one of each, and requests look things up by it.</summary>
    public bool Equals(FacadeEndpoint? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Index;

    public override string ToString() => $"{string.Join(",", Methods)} {Template}";
}

/// <summary>Marks the endpoint as this process's own code.</summary>
internal sealed record LocalEndpoint(FacadeEndpoint Endpoint);

/// <summary>Marks its twin, which sends the request to another process.</summary>
internal sealed record ProxiedEndpoint(FacadeEndpoint Endpoint);
