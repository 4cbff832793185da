namespace ModularShop.Modularity.Peers;

/// <summary>What deployables say to each other beside the request itself; of anybody else it is not heard.</summary>
public static class PeerHeaders
{
    /// <summary>What starts with it is spoken between peers alone.</summary>
    public const string Prefix = "X-Shop-";

    /// <summary>The epoch of the module's ownership by which the request was sent here.</summary>
    public const string Epoch = "X-Shop-Epoch";

    /// <summary>The owner in that epoch, where the request is not for the owner alone.</summary>
    public const string Owner = "X-Shop-Owner";

    /// <summary>For how many more milliseconds the sender waits. Not a time of day: clocks differ.</summary>
    public const string TimeLeft = "X-Shop-Time-Left";
}
