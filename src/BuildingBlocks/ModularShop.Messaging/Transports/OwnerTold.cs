using System.Globalization;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Peers;

namespace ModularShop.Messaging;

/// <summary>The owner of a module's data, in the headers of what deployables say to each other.</summary>
internal static class OwnerTold
{
    public static void Write(Ownership ownership, Action<string, string> header)
    {
        header(PeerHeaders.Owner, ownership.Owner.ToString());
        header(PeerHeaders.Epoch, ownership.Epoch.ToString(CultureInfo.InvariantCulture));
    }

    public static Ownership? In(Func<string, string?> header) =>
        Enum.TryParse<Owner>(header(PeerHeaders.Owner), out var owner) && long.TryParse(header(PeerHeaders.Epoch), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            ? new Ownership(owner, epoch)
            : null;
}
