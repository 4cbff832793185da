using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using ModularShop.Facade;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Security;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Benchmarks.Facade;

/// <summary>The processes that are measured: a shop with the facade and without it, a service, and YARP before that, plain or in a shop in the facade's place.</summary>
internal static class FacadePrograms
{
    public const string ShopWithFacade = "shop-with-facade";
    public const string ShopWithout = "shop-without";
    public const string ShopWithYarp = "shop-with-yarp";
    public const string Service = "answering-service";
    public const string Yarp = "plain-yarp";

    /// <summary>Where the service speaks HTTP/2 in clear text; at its own address it speaks HTTP/1.1.</summary>
    public const string Http2Port = "http2-port";

    /// <summary>Where a program speaks TLS too.</summary>
    public const string TlsPort = "tls-port";

    /// <summary>The folder of the certificates.</summary>
    public const string Certificates = "certificates";

    /// <summary>The service plain YARP is before.</summary>
    public const string Upstream = "upstream";

    /// <summary>How many times the service has answered.</summary>
    public const string Answered = "/answered";

    /// <summary>Null where the argument names none of them.</summary>
    public static Func<Task>? Find(string[] args) => args is not [var program, .. var settings] ? null : program switch
    {
        ShopWithFacade => () => RunShopAsync(settings, builder => builder.AddFacade(), app => app.MapFacade()),
        ShopWithout => () => RunShopAsync(settings, _ => { }, app => app.MapModules()),
        ShopWithYarp => () => RunShopAsync(settings, builder => AddYarp(builder, settings), app => app.MapReverseProxy().AllowAnonymous().RequireRateLimiting(RateLimits.Reads)),
        Service => () => RunServiceAsync(settings),
        Yarp => () => RunYarpAsync(settings),
        _ => null,
    };

    private static async Task RunShopAsync(string[] settings, Action<WebApplicationBuilder> add, Action<WebApplication> map)
    {
        var builder = NewBuilder(settings);
        builder.AddPlatform();
        builder.AddModules(new AnswersModule());
        add(builder);
        await using var app = builder.Build();
        app.UsePlatform();
        map(app);
        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<AnswersDbContext>().Database.EnsureCreatedAsync();
        }

        await app.RunAsync();
    }

    private static async Task RunServiceAsync(string[] settings)
    {
        var builder = NewBuilder(settings, tls =>
        {
            // As the listener for peers.
            tls.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            tls.OnAuthenticate = (_, handshake) => handshake.CertificateChainPolicy = CertificatesOf(settings).Trust();
        });
        var http2 = builder.Configuration.GetValue<int>(Http2Port);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, http2, o => o.Protocols = HttpProtocols.Http2));
        await using var app = builder.Build();
        var answered = 0L;
        app.MapGet("/health/ready", () => "ready");
        app.MapGet(Answered, () => Interlocked.Read(ref answered));
        app.MapGet(AnswersModule.Path, http =>
        {
            Interlocked.Increment(ref answered);
            return AnswersModule.AnswerAsync(http);
        });
        await app.RunAsync();
    }

    private static async Task RunYarpAsync(string[] settings)
    {
        var builder = NewBuilder(settings);
        AddYarp(builder, settings);
        await using var app = builder.Build();
        app.MapGet("/health/ready", () => "ready");
        app.MapReverseProxy();
        await app.RunAsync();
    }

    private static void AddYarp(WebApplicationBuilder builder, string[] settings)
    {
        var upstream = new Uri(builder.Configuration[Upstream]!);
        builder.Services.AddReverseProxy()
            .LoadFromMemory(
                [new RouteConfig { RouteId = "answers", ClusterId = "service", Match = new RouteMatch { Path = "/api/{**rest}" } }],
                [
                    new ClusterConfig
                    {
                        ClusterId = "service",
                        Destinations = new Dictionary<string, DestinationConfig>(StringComparer.Ordinal) { ["one"] = new() { Address = upstream.ToString() } },
                        HttpRequest = new ForwarderRequestConfig { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact },
                    },
                ])
            .ConfigureHttpClient((_, client) =>
            {
                if (upstream.Scheme == Uri.UriSchemeHttps)
                {
                    client.SslOptions.ClientCertificates = [CertificatesOf(settings).Read(Facade.Certificates.Proxy)];
                    client.SslOptions.CertificateChainPolicy = CertificatesOf(settings).Trust();
                }
            });
    }

    private static WebApplicationBuilder NewBuilder(string[] settings, Action<HttpsConnectionAdapterOptions>? configureTls = null)
    {
        var builder = WebApplication.CreateBuilder(settings);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, new Uri(builder.Configuration["urls"]!).Port, o => o.Protocols = HttpProtocols.Http1);
            if (builder.Configuration.GetValue<int?>(TlsPort) is { } port)
            {
                kestrel.Listen(IPAddress.Loopback, port, o => o.UseHttps(tls =>
                {
                    tls.ServerCertificate = CertificatesOf(settings).Read(configureTls is null ? Facade.Certificates.Proxy : Facade.Certificates.Service);
                    configureTls?.Invoke(tls);
                }));
            }
        });
        return builder;
    }

    private static Certificates CertificatesOf(string[] settings) => new(new ConfigurationBuilder().AddCommandLine(settings).Build()[Certificates]!);
}
