using ModularShop.Modularity.Domain;

namespace ModularShop.Facade;

/// <summary>Why a change of the routing, or a question about it, is refused.</summary>
internal enum RoutesError
{
    [Status(404)] UnknownEndpoint,
    [Status(400)] NotValid,
    [Status(409)] ChangedMeanwhile,
    [Status(400)] NoRequest,
    [Status(404)] NoSuchAddress,
    [Status(409)] NotShadowed,
    [Status(404)] NoRollout,
    [Status(409)] NotNow,

    /// <summary>The endpoint's module has left the host.</summary>
    [Status(409)] Departed,

    [Status(404)] UnknownRevision,
}
