using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Peers;

namespace ModularShop.Modularity.Examinations;

/// <summary>Where this program listens: is it free, or does this program run there already?</summary>
internal sealed class PortExamination(Deployable here, PublicAddresses addresses, IOptions<PeerOptions> peers, IHttpClientFactory clients) : IExamination
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public string About => "ports";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        var runs = false;
        foreach (var url in here.Side is Owner.Monolith ? addresses.All : [])
        {
            if (PeerListener.TryParse(url) is { IsUnixPipe: false } address && Listen(address) is var refused)
            {
                var running = refused == SocketError.AddressAlreadyInUse ? await WhoAsync(address, cancellationToken) : null;
                runs |= running is not null;
                findings.Add(Judge(url, refused, running, "--urls"));
            }
        }

        if (peers.Value.Listens && PeerListener.TryParse(peers.Value.Listen!) is { IsUnixPipe: false } listener)
        {
            var refused = Listen(listener);
            findings.Add(Judge(peers.Value.Listen!, refused, refused == SocketError.AddressAlreadyInUse && runs ? $"{here.Name} runs, and listens for its peers there." : null, "Peers:Listen"));
        }

        return findings.Count > 0 ? findings : [Finding.Ok(About, "It is told to listen nowhere of its own.")];
    }

    private static Finding Judge(string url, SocketError refused, string? running, string setting)
    {
        var about = $"port of {url}";
        return refused switch
        {
            SocketError.Success => Finding.Ok(about, "It is free."),
            SocketError.AddressAlreadyInUse when running is not null => Finding.Ok(about, running),
            SocketError.AddressAlreadyInUse => Finding.Problem(about, "Another program listens there.", $"end it, or choose another address with {setting}."),
            SocketError.AccessDenied => Finding.Problem(about, "Listening there takes a right that you do not have.", $"choose a port above 1023 with {setting}."),
            _ => Finding.Problem(about, $"It cannot be listened to: {new SocketException((int)refused).Message}.", $"choose an address of this machine with {setting}."),
        };
    }

    /// <summary>As the program will, and no more.</summary>
    private static SocketError Listen(BindingAddress address)
    {
        var ip = IPAddress.TryParse(address.Host.Trim('[', ']'), out var given) ? given
            : string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : IPAddress.Any;
        try
        {
            using var listener = new TcpListener(ip, address.Port);
            listener.Start();
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }

    /// <summary>Null where it is not the shop.</summary>
    private async Task<string?> WhoAsync(BindingAddress address, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var client = clients.CreateClient("doctor");
            var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : address.Host;
            using var health = JsonDocument.Parse(await client.GetStringAsync(new Uri($"{address.Scheme}://{host}:{address.Port}/health/live"), limit.Token));
            var name = health.RootElement.GetProperty("checks").GetProperty("deployable").GetProperty("data").GetProperty("name").GetString();
            return string.Equals(name, here.Name, StringComparison.OrdinalIgnoreCase) ? $"{name} runs, and answers there." : null;
        }
        catch (Exception e) when ((e is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException or OperationCanceledException)
            && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
