using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using ModularShop.Modularity.Deployables;

namespace ModularShop.Facade;

/// <summary>A client's last write of a module.</summary>
/// <param name="Epoch">Of the ownership by which it was answered.</param>
/// <param name="At">When it was answered: what it has committed was there by then.</param>
internal readonly record struct Written(long Epoch, DateTimeOffset At);

/// <summary>
/// Who wrote what a short while ago, so that clients read what they have written, though others may read what follows a little
/// behind. Remembered here for as long as data that follows may be behind and still answer, by clocks that are apart; for other
/// hosts in a cookie.
/// </summary>
internal sealed class RecentWrites(Ownerships ownerships, Replicas replicas, RoutingTable table, TimeProvider time)
{
    public const string Cookie = "shop-written";

    /// <summary>Clients; what does not fit in counts as everybody's write.</summary>
    private const int Most = 100_000;

    /// <summary>The clock of who wrote and that of who judges the data may both be off.</summary>
    private readonly TimeSpan _memory = replicas.MaxLag + (2 * Clocks.Skew);

    private readonly ConcurrentDictionary<string, bool> _attached = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>When anybody wrote of the module last.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset> _last = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _turning = new();
    private volatile Span _now = new(DateTimeOffset.MinValue);
    private volatile Span _before = new(DateTimeOffset.MinValue);

    /// <summary>Takes note of a write when it is answered, unless it was refused.</summary>
    public void Watch(HttpContext http, string module) => http.Response.OnStarting(
        static state =>
        {
            var (writes, http, module) = ((RecentWrites, HttpContext, string))state;
            if (http.Response.StatusCode is < 400 or >= 500)
            {
                writes.Remember(http, module);
            }

            return Task.CompletedTask;
        },
        (this, http, module));

    /// <summary>False where it takes no look at who asks to know that they have written nothing of the module lately.</summary>
    public bool MayKnow(HttpContext http, string module) => IsRemembered(module, time.GetUtcNow() - _memory) || IsTold(http);

    /// <summary>Null where the client has written nothing of the module lately.</summary>
    public Written? Of(HttpContext http, string module)
    {
        var since = time.GetUtcNow() - _memory;
        var (now, before) = (_now, _before);
        var here = !IsRemembered(module, since) ? null : ClientOf(http) is var client && now.Of(module, client) is { } written ? written : before.Of(module, client);
        var told = Told(http, module);
        var last = told is null || here?.At >= told.Value.At ? here : told;
        return last?.At > since ? last : null;
    }

    /// <summary>The same by what other hosts have told the client alone: what it wrote through this one, this one's own data has.</summary>
    public Written? Told(HttpContext http, string module)
    {
        var since = time.GetUtcNow() - _memory;
        foreach (var (of, written) in IsTold(http) ? CookieOf(http) : [])
        {
            if (string.Equals(of, module, StringComparison.OrdinalIgnoreCase))
            {
                return written.At > since ? written : null;
            }
        }

        return null;
    }

    /// <summary>Whether the client may bear what another host has told it.</summary>
    public static bool IsTold(HttpContext http)
    {
        foreach (var cookies in http.Request.Headers.Cookie)
        {
            if (cookies?.Contains(Cookie, StringComparison.OrdinalIgnoreCase) == true)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a service has said that it shares the monolith's database.</summary>
    public void Learn(string module, string place)
    {
        var isAttached = place == nameof(DataPlace.Attached);
        // With every answer: a look takes no lock.
        if (!_attached.TryGetValue(module, out var known) || known != isAttached)
        {
            _attached[module] = isAttached;
        }
    }

    /// <summary>Who bears nothing to be told by is known by the address: others behind the same one read at the owner for as long, and that is all.</summary>
    private static string ClientOf(HttpContext http) => Clients.Of(http) ?? $"@{http.Connection.RemoteIpAddress}";

    private bool IsRemembered(string module, DateTimeOffset since) => _last.TryGetValue(module, out var last) && last > since;

    private void Remember(HttpContext http, string module)
    {
        var written = new Written(ownerships.Of(module).Epoch, time.GetUtcNow());
        _last.AddOrUpdate(module, static (_, at) => at, static (_, last, at) => at > last ? at : last, written.At);
        Turn(written.At);
        _now.Add(module, ClientOf(http), written, Most);
        if (IsInTwoDatabases(module))
        {
            Tell(http, module, written);
        }
    }

    /// <summary>From the first time on that somebody could read what follows; a service that has not said what it reads may.</summary>
    private bool IsInTwoDatabases(string module) => ownerships.Of(module).Owner is Owner.Service
        ? replicas.Of(module) is not null
        : table.Current.ReadElsewhere.Contains(module) && !_attached.GetValueOrDefault(module);

    private void Turn(DateTimeOffset now)
    {
        if (now - _now.Began > _memory)
        {
            lock (_turning)
            {
                if (now - _now.Began > _memory)
                {
                    (_before, _now) = (_now, new Span(now));
                }
            }
        }
    }

    private void Tell(HttpContext http, string module, Written written)
    {
        var since = written.At - _memory;
        var all = CookieOf(http).Where(w => w.Written.At > since && !string.Equals(w.Module, module, StringComparison.OrdinalIgnoreCase))
            .Append((Module: module.ToLowerInvariant(), Written: written));
        http.Response.Cookies.Append(Cookie, string.Join('~', all.Select(w => string.Create(CultureInfo.InvariantCulture, $"{w.Module}.{w.Written.Epoch}.{w.Written.At.UtcTicks}"))), new CookieOptions
        {
            HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = _memory, Path = "/",
        });
    }

    /// <remarks>Who forges it reads at the owner, and that is all.</remarks>
    private IEnumerable<(string Module, Written Written)> CookieOf(HttpContext http)
    {
        if (!http.Request.Cookies.TryGetValue(Cookie, out var cookie) || cookie.Length > 500)
        {
            yield break;
        }

        var now = time.GetUtcNow();
        foreach (var entry in cookie.Split('~'))
        {
            if (entry.Split('.') is [var module, var first, var second]
                && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
                && long.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks)
            {
                var at = new DateTimeOffset(ticks, TimeSpan.Zero);
                yield return (module, new Written(epoch, at < now ? at : now));
            }
        }
    }

    /// <summary>The writes of a span of time.</summary>
    private sealed class Span(DateTimeOffset began)
    {
        private readonly ConcurrentDictionary<(string Module, string Client), Written> _writes = new();
        private readonly ConcurrentDictionary<string, Written> _anybody = new(StringComparer.OrdinalIgnoreCase);
        private int _count;

        public DateTimeOffset Began => began;

        public Written? Of(string module, string client) =>
            _writes.TryGetValue((module, client), out var written) ? written : _anybody.TryGetValue(module, out var anybody) ? anybody : null;

        public void Add(string module, string client, Written written, int most)
        {
            if (_writes.ContainsKey((module, client)))
            {
                _writes[(module, client)] = written;
            }
            else if (Interlocked.Increment(ref _count) <= most)
            {
                _writes[(module, client)] = written;
            }
            else
            {
                _anybody[module] = written;
            }
        }
    }
}
