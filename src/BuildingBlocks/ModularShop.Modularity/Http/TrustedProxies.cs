using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Examinations;

namespace ModularShop.Modularity.Http;

/// <summary>
/// Section <c>ForwardedHeaders</c>: the proxies in front of this process that are believed who a client is, and whether it
/// came by HTTPS; by default none, and <c>X-Forwarded-For</c> is a text like any other.
/// </summary>
public sealed record TrustedProxyOptions
{
    /// <summary>Addresses, or networks such as <c>10.0.0.0/8</c>.</summary>
    public IReadOnlyList<string> Proxies { get; init; } = [];

    /// <summary>How many of them, 1 to 10, a request passes one after the other.</summary>
    public int Hops { get; init; } = 1;
}

internal static class TrustedProxyServices
{
    public static void AddTrustedProxies(this IServiceCollection services)
    {
        services.AddSettings<TrustedProxyOptions>("ForwardedHeaders")
            .Validate(o => o.Hops is >= 1 and <= 10, "ForwardedHeaders:Hops must be 1 to 10.")
            .Validate(
                o => o.Proxies.All(p => System.Net.IPNetwork.TryParse(p, out _) || IPAddress.TryParse(p, out _)),
                "ForwardedHeaders:Proxies must be addresses such as 10.0.0.7 or networks such as 10.0.0.0/8.");
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<TrustedProxyOptions>>((headers, trusted) =>
        {
            headers.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            headers.ForwardLimit = trusted.Value.Hops;
            // The framework trusts this machine by default; here nobody is trusted who has not been named.
            headers.KnownIPNetworks.Clear();
            headers.KnownProxies.Clear();
            foreach (var proxy in trusted.Value.Proxies)
            {
                if (IPAddress.TryParse(proxy, out var address))
                {
                    headers.KnownProxies.Add(address);
                }
                else
                {
                    headers.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
                }
            }
        });
    }

    /// <summary>Before anything that asks who the client is.</summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        if (app.Configuration.GetSection("ForwardedHeaders:Proxies").GetChildren().Any())
        {
            app.UseForwardedHeaders();
        }
    }
}
