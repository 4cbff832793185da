using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ModularShop.Modularity.Peers;

/// <summary>A listener for the other deployables alone, beside the public ones: only certificates of our authority get through the handshake.</summary>
internal sealed class PeerListener(PeerCertificates certificates, IOptions<PeerOptions> options, TimeProvider time, ILogger<PeerListener> logger) : IHostedLifecycleService
{
    /// <summary>Kestrel listens either where the code says or where <c>Urls</c> does: with a listener for peers the code says both.</summary>
    /// <param name="isPublic">Whether there are public addresses at all: a service has peers alone.</param>
    public static void AddTo(WebApplicationBuilder builder, string listen, bool isPublic)
    {
        if (TryParse(listen) is not { } address)
        {
            // The options say what is wrong with it before anything listens.
            return;
        }

        var configuration = builder.Configuration;
        var publicUrls = !isPublic || configuration.GetSection("Kestrel:Endpoints").Exists() ? [] : Urls(configuration).Select(BindingAddress.Parse).ToList();
        // Left there, they would be warned of as overridden. No address at all would let the command line's in again; a separator is a list without one.
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, ";").UseSetting(WebHostDefaults.HttpPortsKey, "").UseSetting(WebHostDefaults.HttpsPortsKey, "");

        builder.Services.AddSingleton<PeerListener>();
        builder.Services.AddHostedService(p => p.GetRequiredService<PeerListener>());
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (var url in publicUrls)
            {
                Bind(kestrel, url, endpoint =>
                {
                    if (url.Scheme == Uri.UriSchemeHttps)
                    {
                        endpoint.UseHttps();
                    }
                });
            }

            Bind(kestrel, address, kestrel.ApplicationServices.GetRequiredService<PeerListener>().Configure);
        });
    }

    public static BindingAddress? TryParse(string url)
    {
        try
        {
            return BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>What is wrong with the certificates stops the start, not the first peer.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (options.Value.PlainHttp)
        {
            PeersLog.PlainHttp(logger, options.Value.Listen!);
        }
        else
        {
            await certificates.CurrentAsync(cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static IEnumerable<string> Urls(IConfiguration configuration) =>
        (configuration[WebHostDefaults.ServerUrlsKey] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static void Bind(KestrelServerOptions kestrel, BindingAddress address, Action<ListenOptions> configure)
    {
        if (address.IsUnixPipe)
        {
            kestrel.ListenUnixSocket(address.UnixPipePath, configure);
        }
        else if (string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase))
        {
            kestrel.ListenLocalhost(address.Port, configure);
        }
        else if (IPAddress.TryParse(address.Host, out var ip))
        {
            kestrel.Listen(ip, address.Port, configure);
        }
        else
        {
            kestrel.ListenAnyIP(address.Port, configure);
        }
    }

    private void Configure(ListenOptions endpoint)
    {
        if (options.Value.PlainHttp)
        {
            endpoint.Protocols = HttpProtocols.Http2;
            endpoint.Use(next => connection =>
            {
                connection.Features.Set<IPeerConnection>(PeerConnection.Unnamed);
                return next(connection);
            });
            return;
        }

        endpoint.Protocols = HttpProtocols.Http1AndHttp2;
        endpoint.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = HandshakeAsync, HandshakeTimeout = TimeSpan.FromSeconds(5) });
        endpoint.Use(next => connection =>
        {
            // Behind the handshake: there is a certificate, and it was found good.
            var certificate = connection.Features.GetRequiredFeature<ITlsConnectionFeature>().ClientCertificate!;
            connection.Features.Set<IPeerConnection>(new PeerConnection(PeerIdentity.NameOf(certificate)));
            return next(connection);
        });
    }

    private async ValueTask<SslServerAuthenticationOptions> HandshakeAsync(TlsHandshakeCallbackContext context)
    {
        var identity = await certificates.CurrentAsync(context.CancellationToken);
        var remote = context.Connection.RemoteEndPoint;
        var now = time.GetUtcNow();
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = identity.Certificate,
            ClientCertificateRequired = true,
            CertificateChainPolicy = identity.ChainPolicy(now),
            RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
            {
                var problem = PeerIdentity.Problem(certificate, chain, now, deployable: null);
                if (problem is not null)
                {
                    PeersLog.ClientRefused(logger, remote, problem);
                }

                return problem is null;
            },
        };
    }
}
