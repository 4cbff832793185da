using ModularShop.Modularity.Domain;

namespace ModularShop.Facade;

/// <summary>Why a request that another process should answer has no answer.</summary>
internal enum FacadeError
{
    /// <summary>Nothing was changed.</summary>
    [Status(503)] Unavailable,

    /// <summary>Nothing was changed: the data is on its way to another owner.</summary>
    [Status(503)] Moving,

    /// <summary>A part was.</summary>
    [Status(503)] Interrupted,

    /// <summary>To peers: the data here is not that of now, or not known to be.</summary>
    [Status(503)] Stale,

    /// <summary>It may have been.</summary>
    [Status(504)] OutcomeUnknown,
}
