using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using ZiggyCreatures.Caching.Fusion;

namespace ModularShop.Modularity.Apis;

/// <summary>Answers of other processes that may be stale, until they are too old; of those who ask the same at the same time, one goes there.</summary>
internal sealed class StaleAnswers(IOptions<ApiOptions> options) : IDisposable
{
    /// <summary>Of the arguments. Longer questions are rarely asked again, and would be most of what is kept.</summary>
    public const int LongestQuestion = 1024;

    /// <summary>Made when the first answer is kept: most processes keep none.</summary>
    private readonly Lazy<FusionCache> _kept = new(() => new FusionCache(new FusionCacheOptions(), new MemoryCache(new MemoryCacheOptions { SizeLimit = options.Value.StaleAnswers })));

    /// <summary>What is kept, or what <paramref name="ask"/> brings; that is kept if it is an answer.</summary>
    public async Task<Asked<T>> GetAsync<T>(
        string question, TimeSpan mayBeStaleFor, Func<CancellationToken, Task<Asked<T>>> ask, CancellationToken cancellationToken) => await _kept.Value.GetOrSetAsync<Asked<T>>(
        question,
        async (context, token) =>
        {
            var asked = await ask(token);
            context.Options.SkipMemoryCacheWrite = asked.Failure is not null || asked.Owner is not null;
            return asked;
        },
        new FusionCacheEntryOptions(mayBeStaleFor) { Size = 1 },
        token: cancellationToken);

    public void Dispose()
    {
        if (_kept.IsValueCreated)
        {
            _kept.Value.Dispose();
        }
    }
}
