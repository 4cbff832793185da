using ModularShop.Modularity.Domain;

namespace ModularShop.Facade;

/// <summary>Why a request that another process should answer has no answer.</summary>
internal enum FacadeError
{
    /// <summary>Nothing was changed.</summary>
    [Status(503)] Unavailable,

    /// <summary>It may have been.</summary>
    [Status(504)] OutcomeUnknown,
}
