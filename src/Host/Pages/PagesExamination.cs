using Microsoft.Extensions.Options;
using ModularShop.Modularity.Examinations;
using ModularShop.Modularity.Http;

namespace ModularShop.Host.Pages;

/// <summary>Do browsers send the cookies of sessions over encrypted connections alone?</summary>
internal sealed class PagesExamination(PublicAddresses addresses, IOptions<TrustedProxyOptions> proxies, IConfiguration configuration, IHostEnvironment environment) : IExamination
{
    public string About => "pages";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Finding>>([Look()]);

    private Finding Look()
    {
        var clear = Listened().Where(a => a.StartsWith("http:", StringComparison.OrdinalIgnoreCase)).ToList();
        return !environment.IsProduction() || clear.Count == 0 ? Finding.Ok(About, "The cookies of sessions go over the connections that they came by.")
            : proxies.Value.Proxies.Count > 0 ? Finding.Ok(About, "Whether a browser came by HTTPS is what the proxies say that ForwardedHeaders:Proxies names; the cookies of sessions are for HTTPS alone then.")
            : Finding.Warning(
                About, $"They are served in clear text at {string.Join(", ", clear)}, and no proxy is named that would have encrypted the way to it: the cookies of sessions are not kept to HTTPS.",
                "listen with https, or name in ForwardedHeaders:Proxies the proxy that does.");
    }

    /// <summary>Kestrel's own endpoints take the place of all other addresses.</summary>
    private IEnumerable<string> Listened() =>
        configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).OfType<string>().ToList() is { Count: > 0 } endpoints ? endpoints : addresses.All;
}
