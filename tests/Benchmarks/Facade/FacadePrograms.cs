using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using ModularShop.Facade;
using ModularShop.Modularity.Http;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Benchmarks.Facade;

/// <summary>The processes that are measured: a shop with the facade and without, a service, and plain YARP before it.</summary>
internal static class FacadePrograms
{
    public const string ShopWithFacade = "shop-with-facade";
    public const string ShopWithout = "shop-without";
    public const string Service = "answering-service";
    public const string Yarp = "plain-yarp";

    /// <summary>Where the service speaks HTTP/2 in clear text; at its own address it speaks HTTP/1.1.</summary>
    public const string Http2Port = "http2-port";

    /// <summary>Null where the argument names none of them.</summary>
    public static Func<Task>? Find(string[] args) => args is not [var program, .. var settings] ? null : program switch
    {
        ShopWithFacade => () => RunShopAsync(settings, withFacade: true),
        ShopWithout => () => RunShopAsync(settings, withFacade: false),
        Service => () => RunServiceAsync(settings),
        Yarp => () => RunYarpAsync(settings),
        _ => null,
    };

    private static async Task RunShopAsync(string[] settings, bool withFacade)
    {
        var builder = NewBuilder(settings);
        builder.AddPlatform();
        builder.AddModules(new AnswersModule());
        if (withFacade)
        {
            builder.AddFacade();
        }

        await using var app = builder.Build();
        app.UsePlatform();
        if (withFacade)
        {
            app.MapFacade();
        }
        else
        {
            app.MapModules();
        }

        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<AnswersDbContext>().Database.EnsureCreatedAsync();
        }

        await app.RunAsync();
    }

    private static async Task RunServiceAsync(string[] settings)
    {
        var builder = NewBuilder(settings);
        var (http1, http2) = (new Uri(builder.Configuration["urls"]!).Port, builder.Configuration.GetValue<int>(Http2Port));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, http1, o => o.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, http2, o => o.Protocols = HttpProtocols.Http2);
        });
        await using var app = builder.Build();
        app.MapGet("/health/ready", () => "ready");
        app.MapGet(AnswersModule.Path, AnswersModule.AnswerAsync);
        await app.RunAsync();
    }

    private static async Task RunYarpAsync(string[] settings)
    {
        var builder = NewBuilder(settings);
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "answers", ClusterId = "service", Match = new RouteMatch { Path = "/api/{**rest}" } }],
            [
                new ClusterConfig
                {
                    ClusterId = "service",
                    Destinations = new Dictionary<string, DestinationConfig>(StringComparer.Ordinal) { ["one"] = new() { Address = $"http://127.0.0.1:{builder.Configuration[Http2Port]}" } },
                    HttpRequest = new ForwarderRequestConfig { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact },
                },
            ]);
        await using var app = builder.Build();
        app.MapGet("/health/ready", () => "ready");
        app.MapReverseProxy();
        await app.RunAsync();
    }

    private static WebApplicationBuilder NewBuilder(string[] settings)
    {
        var builder = WebApplication.CreateBuilder(settings);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        return builder;
    }
}
