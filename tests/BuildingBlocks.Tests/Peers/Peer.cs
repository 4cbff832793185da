using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Peers;
using ModularShop.Modularity.Security;

namespace BuildingBlocks.Tests.Peers;

/// <summary>A deployable with a few endpoints, a public listener and one for peers, on free ports.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lines _lines;

    private Peer(WebApplication app, Lines lines) => (_app, _lines) = (app, lines);

    public Uri Public => Addresses().First();

    /// <summary>Where it listens for peers.</summary>
    public Uri Inner => Addresses().Last();

    public PeerClients Clients => _app.Services.GetRequiredService<PeerClients>();

    public string Output => string.Join('\n', _lines.Written);

    public static Task<Peer> StartAsync(string name, string folder, params (string Key, string Value)[] settings) => StartAsync(name, folder, "Testing", null, settings);

    public static async Task<Peer> StartAsync(string name, string folder, string environment, Action<WebApplication>? map, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = ["--urls=http://127.0.0.1:0"], EnvironmentName = environment, ContentRootPath = folder });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Peers:Listen"] = "https://127.0.0.1:0", ["Peers:ReloadSeconds"] = "0" });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value, StringComparer.Ordinal));
        var lines = new Lines();
        builder.Logging.ClearProviders().AddProvider(lines);
        builder.AddPlatform(name);
        var app = builder.Build();
        app.UsePlatform();
        app.MapGet("/internal/who", (HttpContext context) => context.Features.Get<IPeerConnection>()!.Deployable).ForPeers();
        app.MapGet("/elsewhere", () => "for peers").ForPeers();
        app.MapGet("/protocol", (HttpContext context) => context.Request.Protocol).ForEveryone();
        app.MapGet("/trace", (HttpContext context) => context.Request.Headers.TraceParent.ToString()).ForEveryone();
        app.MapGet("/redirect", () => TypedResults.Redirect("/protocol")).ForEveryone();
        map?.Invoke(app);
        var peer = new Peer(app, lines);
        try
        {
            await app.StartAsync();
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IEnumerable<Uri> Addresses() => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(a => new Uri(a));

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Written { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Written.Enqueue($"{logLevel}: {formatter(state, exception)}");
            }
        }

        public void Dispose()
        {
        }
    }
}
