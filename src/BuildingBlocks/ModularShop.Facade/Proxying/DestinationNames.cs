using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ModularShop.Modularity.Modules;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace ModularShop.Facade;

/// <summary>
/// The addresses of destinations that are names, as last looked up. Nobody waits for a name server but who asks for a
/// name for the first time, and one that fails takes no address away: neither may hold a change of the routing up.
/// </summary>
internal sealed class DestinationNames(IDestinationResolver names, IOptions<FacadeOptions> options, TimeProvider time, ILogger<DestinationNames> logger) : IDestinationResolver
{
    /// <summary>A name that has no addresses by then is left to the connection, and asked for again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _pace = TimeSpan.FromSeconds(options.Value.Dns.RefreshSeconds);
    private readonly ConcurrentDictionary<string, Name> _names = new(StringComparer.OrdinalIgnoreCase);

    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(destinations.Select(d => FindAsync(d.Key, d.Value)));
        var all = new Dictionary<string, DestinationConfig>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, destination) in found.SelectMany(f => f.Addresses))
        {
            all[name] = destination;
        }

        // When the time has come it is asked again, and then answers what it knows and looks the name up behind everybody's back.
        var again = new CancellationTokenSource(_pace, time);
        return new ResolvedDestinationCollection(all, new CompositeChangeToken([new CancellationChangeToken(again.Token), .. found.Select(f => new CancellationChangeToken(f.Changed))]));
    }

    private async Task<(IReadOnlyDictionary<string, DestinationConfig> Addresses, CancellationToken Changed)> FindAsync(string key, DestinationConfig destination)
    {
        var name = _names.GetOrAdd(key, _ => new Name());
        var looking = name.LookUp(_pace, time, () => LookUpAsync(key, destination, name));
        if (name.Addresses is null)
        {
            await Task.WhenAny(looking, Task.Delay(Patience, time));
        }

        var (addresses, changed) = name.Read();
        return (addresses ?? One(key, destination), changed);
    }

    private async Task LookUpAsync(string key, DestinationConfig destination, Name name)
    {
        try
        {
            name.Learn((await names.ResolveDestinationsAsync(One(key, destination), CancellationToken.None)).Destinations);
        }
        catch (Exception e)
        {
            if (name.Fails())
            {
                FacadeLog.NameNotFound(logger, destination.Address, e.GetBaseException().Message);
            }
        }
    }

    private static Dictionary<string, DestinationConfig> One(string key, DestinationConfig destination) => new(StringComparer.OrdinalIgnoreCase) { [key] = destination };

    /// <summary>What is known of one name.</summary>
    private sealed class Name
    {
        private readonly Lock _lock = new();
        private CancellationTokenSource _changed = new();
        private Task _looking = Task.CompletedTask;
        private long? _looked;
        private bool _fails;

        /// <summary>Null until they were found for the first time.</summary>
        public IReadOnlyDictionary<string, DestinationConfig>? Addresses { get; private set; }

        /// <summary>What is known, and a token that tells when something else is.</summary>
        public (IReadOnlyDictionary<string, DestinationConfig>? Addresses, CancellationToken Changed) Read()
        {
            lock (_lock)
            {
                return (Addresses, _changed.Token);
            }
        }

        /// <summary>The look-up that is under way; a new one where the last is older than <paramref name="pace"/> or found nothing.</summary>
        public Task LookUp(TimeSpan pace, TimeProvider time, Func<Task> look)
        {
            lock (_lock)
            {
                // A timer may fire a little early.
                if (_looking.IsCompleted && (_looked is not { } last || _fails || time.GetElapsedTime(last) >= pace * 0.9))
                {
                    _looked = time.GetTimestamp();
                    _looking = Task.Run(look);
                }

                return _looking;
            }
        }

        public void Learn(IReadOnlyDictionary<string, DestinationConfig> addresses)
        {
            CancellationTokenSource? told = null;
            lock (_lock)
            {
                _fails = false;
                if (Addresses is null || !Addresses.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(addresses.Keys))
                {
                    Addresses = addresses;
                    (told, _changed) = (_changed, new CancellationTokenSource());
                }
            }

            told?.Cancel();
        }

        /// <summary>Whether it is the first time in a row.</summary>
        public bool Fails()
        {
            lock (_lock)
            {
                var isFirst = !_fails;
                _fails = true;
                return isFirst;
            }
        }
    }
}

internal static class DestinationNameServices
{
    /// <summary>Where <c>Facade:Dns</c> asks for it.</summary>
    public static void AddDestinationNames(this IReverseProxyBuilder proxy, IConfiguration configuration)
    {
        if (configuration.GetValue<bool>("Facade:Dns:Enabled"))
        {
            proxy.AddDnsDestinationResolver();
            proxy.Services.AddOptions<DnsDestinationResolverOptions>().Configure<IOptions<FacadeOptions>>((dns, facade) =>
            {
                // It is asked when it is time to.
                dns.RefreshPeriod = null;
                dns.AddressFamily = facade.Value.Dns.Addresses switch
                {
                    DnsAddresses.IPv4 => AddressFamily.InterNetwork,
                    DnsAddresses.IPv6 => AddressFamily.InterNetworkV6,
                    _ => null,
                };
            });
            proxy.Services.Decorate<IDestinationResolver, DestinationNames>();
        }
    }
}
