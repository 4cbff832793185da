using ModularShop.Modularity.Domain;

namespace ModularShop.Modularity.Apis;

/// <summary>Why a question to another module has no answer.</summary>
public enum ModuleError
{
    /// <summary>The process that answers for the module cannot be reached, is too slow or in trouble.</summary>
    [Status(503)] Unavailable,

    /// <summary>To peers: the deployable that was asked does not own the module's data.</summary>
    [Status(409)] NotTheOwner,

    /// <summary>To peers: no module here is asked that.</summary>
    [Status(404)] UnknownQuestion,

    /// <summary>To peers: the time that the sender had is over.</summary>
    [Status(504)] TooLate,
}

/// <summary>Another module was asked and did not answer. A request that needs the answer is refused, to be sent again; it has changed nothing.</summary>
public sealed class ModuleUnavailableException(string module, string reason) : Exception($"{module} does not answer: {reason}.")
{
    /// <summary>Why, where it took longer than the one who asked could wait.</summary>
    public const string TooSlow = "timeout";

    public string Module => module;

    /// <summary>A word: <c>timeout</c>, <c>unreachable</c>, <c>circuit-open</c> …</summary>
    public string Reason => reason;

    internal Error ToError() => ModuleError.Unavailable.Because($"{module}, which this needs, does not answer at the moment. Nothing was changed; try again.") with
    {
        Facts = new Dictionary<string, object?>(StringComparer.Ordinal) { ["module"] = module },
    };
}
