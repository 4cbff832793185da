using ModularShop.Modularity.Peers;

namespace ModularShop.Facade;

/// <summary>What is said in headers, to clients and between peers.</summary>
internal static class FacadeHeaders
{
    /// <summary>Who answered, by which revision of the routing, and who owns the data.</summary>
    public const string AnsweredBy = "X-Answered-By";

    /// <summary>On an answer that the monolith gave in place of a service: why.</summary>
    public const string Fallback = "X-Fallback";

    /// <summary>On an answer made of data that follows its owner's: how many milliseconds ago it was known to be the same.</summary>
    public const string DataLag = "X-Data-Lag";

    /// <summary>Between peers: the epoch of the ownership by which a request was forwarded.</summary>
    public const string Epoch = PeerHeaders.Epoch;

    /// <summary>Between peers, on a read: the owner in that epoch.</summary>
    public const string Owner = PeerHeaders.Owner;

    /// <summary>Between peers, on a read: when the client last wrote of the module, in ticks.</summary>
    public const string Written = "X-Shop-Written";

    /// <summary>Between peers, on a read: how many milliseconds behind the data that answers may be; after that the sender forgets what clients have written.</summary>
    public const string MaxLag = "X-Shop-Max-Lag";

    /// <summary>Between peers, on a write: for how many milliseconds it may wait for its owner.</summary>
    public const string Wait = "X-Shop-Wait";

    /// <summary>Between peers, on a 503: why the data cannot answer the read.</summary>
    public const string Stale = "X-Shop-Stale";

    /// <summary>Between peers, on what a service answers: what its data is.</summary>
    public const string Data = "X-Shop-Data";

    /// <summary>Between peers, on a 503: the epoch of the ownership by which the write was refused.</summary>
    public const string NotOwner = "X-Shop-Not-Owner";

    /// <summary>Between peers: the request is a copy, and its answer is compared and thrown away.</summary>
    public const string Shadow = "X-Shop-Shadow";

    /// <summary>For testers: the side of an endpoint in the mode Canary.</summary>
    public const string Canary = "X-Canary";

    /// <summary>What starts with it is spoken between peers alone.</summary>
    public const string PeerPrefix = PeerHeaders.Prefix;
}
