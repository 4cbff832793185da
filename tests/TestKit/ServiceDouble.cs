using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ModularShop.TestKit;

/// <summary>A service of the tests' own, in clear-text HTTP/2, that answers as it is told to.</summary>
public sealed class ServiceDouble(IPAddress address, int port) : IAsyncDisposable
{
    private WebApplication? _app;

    public Uri Address => new($"http://{address}:{port}");

    /// <summary>What it answers but for its health, which is good.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = http => http.Response.WriteAsJsonAsync(new { sku = "DOUBLE" });

    /// <summary>The headers of what it was asked.</summary>
    public ConcurrentQueue<Dictionary<string, string>> Asked { get; } = new();

    /// <summary>The addresses it was asked for, as they came.</summary>
    public ConcurrentQueue<string> Targets { get; } = new();

    public static Task<ServiceDouble> StartAsync() => StartAsync(IPAddress.Loopback, HostProcess.FreePort());

    public static async Task<ServiceDouble> StartAsync(IPAddress address, int port)
    {
        var service = new ServiceDouble(address, port);
        await service.RunAsync();
        return service;
    }

    public async Task RunAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Testing", ContentRootPath = Path.GetTempPath() });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address, port, o => o.Protocols = HttpProtocols.Http2));
        _app = builder.Build();
        _app.Run(http =>
        {
            if (http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal))
            {
                return Task.CompletedTask;
            }

            Targets.Enqueue(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
            Asked.Enqueue(http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
            return Answer(http);
        });
        await _app.StartAsync();
    }

    /// <summary>Its port refuses, as that of a process that was killed.</summary>
    public async Task GoAwayAsync()
    {
        // What is being answered is cut off, as a kill does it; disposed of first, the double would still answer with errors of its own.
        await _app!.Services.GetRequiredService<IServer>().StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }
}
