using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using ModularShop.Modularity.Deployables;

namespace BuildingBlocks.Tests;

/// <summary>The connection between deployables of one test: where each listens, and what goes wrong on the way.</summary>
internal sealed class Line
{
    private readonly Dictionary<string, int> _ports = new(StringComparer.Ordinal) { [Deployable.Monolith] = HostProcess.FreePort(), ["Sender"] = HostProcess.FreePort(), ["Receiver"] = HostProcess.FreePort() };

    /// <summary>What happens to deliveries that arrive at a deployable, instead of their being received.</summary>
    public ConcurrentDictionary<string, Func<HttpContext, RequestDelegate, Task>> Faults { get; } = new(StringComparer.Ordinal);

    /// <summary>How many deliveries arrived at a deployable.</summary>
    public ConcurrentDictionary<string, int> Arrived { get; } = new(StringComparer.Ordinal);

    /// <summary>What happens to questions that arrive at a deployable, instead of their being answered.</summary>
    public ConcurrentDictionary<string, Func<HttpContext, RequestDelegate, Task>> Questions { get; } = new(StringComparer.Ordinal);

    /// <summary>How many questions arrived at a deployable.</summary>
    public ConcurrentDictionary<string, int> Asked { get; } = new(StringComparer.Ordinal);

    public Uri AddressOf(string deployable) => new($"http://127.0.0.1:{_ports[deployable]}");

    public IEnumerable<(string Key, string Value)> SettingsOf(string deployable) =>
    [
        ("Peers:PlainHttp", "true"),
        ("Peers:Listen", AddressOf(deployable).GetLeftPart(UriPartial.Authority)),
        .. _ports.Keys.Where(d => d != deployable).Select(d => ($"Peers:Addresses:{d}", AddressOf(d).GetLeftPart(UriPartial.Authority))),
    ];

    public Func<HttpContext, RequestDelegate, Task> Receive(string deployable) => async (context, next) =>
    {
        if (context.Request.Path.StartsWithSegments("/internal/apis", StringComparison.Ordinal))
        {
            Asked.AddOrUpdate(deployable, 1, static (_, count) => count + 1);
            await (Questions.TryGetValue(deployable, out var instead) ? instead(context, next) : next(context));
            return;
        }

        if (!context.Request.Path.StartsWithSegments("/internal/messages", StringComparison.Ordinal))
        {
            await next(context);
            return;
        }

        Arrived.AddOrUpdate(deployable, 1, static (_, count) => count + 1);
        await (Faults.TryGetValue(deployable, out var fault) ? fault(context, next) : next(context));
    };
}
