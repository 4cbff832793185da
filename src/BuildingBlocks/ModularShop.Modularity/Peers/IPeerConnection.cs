namespace ModularShop.Modularity.Peers;

/// <summary>A feature of every request that came in through the peer listener, from the start; those of the public listener have none.</summary>
public interface IPeerConnection
{
    /// <summary>The deployable that sent the request: the common name in its certificate.</summary>
    string Deployable { get; }
}

internal sealed record PeerConnection(string Deployable) : IPeerConnection
{
    /// <summary>What a peer gives its name in where there are no certificates.</summary>
    public const string NameHeader = "X-Peer";

    /// <summary>Of a connection in clear text, which may carry the requests of anybody.</summary>
    public static readonly PeerConnection Unnamed = new("unnamed");
}
