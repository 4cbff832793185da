using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;

namespace ModularShop.Modularity.Peers;

/// <summary>
/// Clients of other deployables: they show this deployable's certificate and talk to no one but the deployable they are
/// for, whatever its address; HTTP/2, one pool of connections per peer.
/// </summary>
public sealed class PeerClients : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<HttpClient>> _clients = new(StringComparer.OrdinalIgnoreCase);
    private readonly Deployable _here;
    private readonly PeerCertificates _certificates;
    private readonly IPeerAddresses _addresses;
    private readonly PeerOptions _options;
    private readonly bool _guarded;
    private readonly TimeProvider _time;
    private readonly ILogger<PeerClients> _logger;

    internal PeerClients(
        Deployable here, PeerCertificates certificates, IPeerAddresses addresses, IOptions<PeerOptions> options, IHostEnvironment environment, TimeProvider time,
        ILogger<PeerClients> logger) =>
        (_here, _certificates, _addresses, _options, _guarded, _time, _logger) = (here, certificates, addresses, options.Value, !environment.IsProduction(), time, logger);

    /// <summary>The protocol of every request to a peer.</summary>
    public static Version Version => HttpVersion.Version20;

    /// <summary>In clear text nothing is negotiated: a peer speaks HTTP/2 or is none.</summary>
    public HttpVersionPolicy VersionPolicy => _options.PlainHttp ? HttpVersionPolicy.RequestVersionExact : HttpVersionPolicy.RequestVersionOrLower;

    /// <summary>
    /// The client of a peer, for its whole life. Requests name no host (<c>new Uri("api/v1/…", UriKind.Relative)</c>); they go
    /// to the address the peer has when they are sent.
    /// </summary>
    /// <exception cref="HttpRequestException">When a request is sent: nobody has said where the peer is, or it is somebody else.</exception>
    public HttpClient For(string deployable) => _clients.GetOrAdd(deployable, name => new Lazy<HttpClient>(() =>
    {
        HttpMessageHandler handler = new ToItsAddress(name, _addresses, _options) { InnerHandler = WithName(CreateHandler(name)) };
        if (_guarded)
        {
            handler = new NoNetworkInTransactions { InnerHandler = handler };
        }

#pragma warning disable RS0030 // the factory of these clients; its handlers follow a change of address and bear the guard
        return new HttpClient(handler)
#pragma warning restore RS0030
        {
            BaseAddress = new Uri($"{_options.Scheme}://{name.ToLowerInvariant()}/"),
            DefaultRequestVersion = Version,
            DefaultVersionPolicy = VersionPolicy,
            Timeout = TimeSpan.FromSeconds(30),
        };
    })).Value;

    /// <summary>For a proxy: requests to absolute addresses at which <paramref name="deployable"/> listens. The caller owns it.</summary>
    public HttpMessageInvoker CreateInvoker(string deployable) => new(WithName(CreateHandler(deployable)), disposeHandler: true);

    /// <summary>
    /// What the clients above send with. In clear text (<c>Peers:PlainHttp</c>) it does not say who sends; the invoker does.
    /// </summary>
    public SocketsHttpHandler CreateHandler(string deployable) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        EnableMultipleHttp2Connections = true,
        // A changed address and a renewed certificate are followed within this time.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        KeepAlivePingDelay = TimeSpan.FromSeconds(10),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
        ConnectCallback = (context, cancellationToken) => ConnectAsync(deployable, context, cancellationToken),
    };

    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(c => c.IsValueCreated))
        {
            client.Value.Dispose();
        }
    }

    private HttpMessageHandler WithName(SocketsHttpHandler handler) => _options.PlainHttp ? new NamesItself(_here) { InnerHandler = handler } : handler;

    private async ValueTask<Stream> ConnectAsync(string deployable, SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var address = context.InitialRequestMessage.RequestUri!;
        if (address.Scheme != _options.Scheme)
        {
            throw new HttpRequestException($"{deployable} is said to be at {address.GetLeftPart(UriPartial.Authority)}, but peers talk {_options.Scheme}: see Peers:PlainHttp.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            var stream = new NetworkStream(socket, ownsSocket: true);
            return _options.PlainHttp ? stream : await SecureAsync(deployable, stream, context.DnsEndPoint, cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<Stream> SecureAsync(string deployable, NetworkStream stream, DnsEndPoint address, CancellationToken cancellationToken)
    {
        var remote = $"{address.Host}:{address.Port}";
        var identity = await _certificates.CurrentAsync(cancellationToken);
        var now = _time.GetUtcNow();
        string? problem = null;
        var secure = new SslStream(stream);
        try
        {
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    // Whom we talk to is in the certificate, not in the address.
                    TargetHost = deployable,
                    ClientCertificateContext = identity.Certificate,
                    CertificateChainPolicy = identity.ChainPolicy(now),
                    ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
                    RemoteCertificateValidationCallback = (_, certificate, chain, _) => (problem = PeerIdentity.Problem(certificate, chain, now, deployable)) is null,
                },
                cancellationToken);
            return secure;
        }
        catch (AuthenticationException e) when (problem is not null)
        {
            await secure.DisposeAsync();
            PeersLog.ServerRefused(_logger, deployable, remote, problem);
            throw new AuthenticationException($"At {remote} is not {deployable}: {problem}", e);
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }

    private sealed class ToItsAddress(string deployable, IPeerAddresses addresses, PeerOptions options) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var address = addresses.Of(deployable)
                ?? throw new HttpRequestException($"Nobody has said where {deployable} is: set Peers:Addresses:{deployable}, such as {options.Scheme}://127.0.0.1:5101.");
            request.RequestUri = new Uri(address, request.RequestUri!.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class NamesItself(Deployable here) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Remove(PeerConnection.NameHeader);
            request.Headers.TryAddWithoutValidation(PeerConnection.NameHeader, here.Name);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
