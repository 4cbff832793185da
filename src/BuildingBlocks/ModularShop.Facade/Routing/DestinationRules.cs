using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Peers;

namespace ModularShop.Facade;

/// <summary>Which addresses a service can have.</summary>
internal sealed class DestinationRules(IServer server, IConfiguration configuration, IOptions<PeerOptions> peers)
{
    /// <summary>Null where it can.</summary>
    public string? ProblemOf(Uri destination)
    {
        var scheme = peers.Value.PlainHttp ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        return destination.Scheme != scheme
            ? $"{Text(destination)} is {destination.Scheme}, and peers talk {scheme}: {(peers.Value.PlainHttp ? "Peers:PlainHttp says so." : "clear text must be asked for with Peers:PlainHttp: true.")}"
            : IsHere(destination) ? $"{Text(destination)} is this host itself: a request would come back to it for ever." : null;
    }

    private static string Text(Uri uri) => uri.GetLeftPart(UriPartial.Authority);

    private bool IsHere(Uri destination)
    {
        var listening = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        return listening.Append(peers.Value.Listen).OfType<string>().Concat(configuration["Urls"]?.Split(';') ?? [])
            .Any(address => Uri.TryCreate(address.Replace("*", "0.0.0.0", StringComparison.Ordinal).Replace("+", "0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri)
                && uri.Port == destination.Port && IsSameHost(uri, destination));
    }

    private static bool IsSameHost(Uri listening, Uri destination) =>
        string.Equals(listening.Host, destination.Host, StringComparison.OrdinalIgnoreCase)
        || (IsLoopback(destination.Host) && (IsLoopback(listening.Host) || listening.Host is "0.0.0.0" or "[::]"));

    private static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || string.Equals(host, Dns.GetHostName(), StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
