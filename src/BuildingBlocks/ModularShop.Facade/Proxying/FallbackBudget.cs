using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace ModularShop.Facade;

/// <summary>How much of the services' work the monolith takes over: no more than it is sized for.</summary>
internal sealed class FallbackBudget(IOptions<FacadeOptions> options) : IDisposable
{
    private readonly TokenBucketRateLimiter? _limiter = options.Value.FallbacksPerSecond == 0 ? null : new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
    {
        TokenLimit = options.Value.FallbacksPerSecond,
        TokensPerPeriod = Math.Max(1, options.Value.FallbacksPerSecond / 10),
        ReplenishmentPeriod = TimeSpan.FromMilliseconds(100),
        QueueLimit = 0,
    });

    public bool TryTake()
    {
        using var lease = _limiter?.AttemptAcquire();
        return lease?.IsAcquired == true;
    }

    public void Dispose() => _limiter?.Dispose();
}
