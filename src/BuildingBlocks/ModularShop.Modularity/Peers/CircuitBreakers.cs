using System.Collections.Concurrent;
using Polly;
using Polly.CircuitBreaker;

namespace ModularShop.Modularity.Peers;

/// <summary>
/// One for each thing that another process answers: where half of 20 or more requests in 5 s fail, it is not asked
/// for 2 s.
/// </summary>
public sealed class CircuitBreakers<TKey>(TimeProvider time)
    where TKey : notnull
{
    /// <summary>Why an attempt failed that was not made.</summary>
    public const string Open = "circuit-open";

    private readonly ConcurrentDictionary<TKey, ResiliencePipeline<string?>> _breakers = new();

    /// <summary>Null, or why the attempt failed: what it says, or <see cref="Open"/> where it was not made.</summary>
    public async Task<string?> TryAsync(TKey key, Func<Task<string?>> attempt)
    {
        var context = ResilienceContextPool.Shared.Get();
        try
        {
            var breaker = _breakers.GetOrAdd(key, static (_, t) => Create(t), time);
            var outcome = await breaker.ExecuteOutcomeAsync(static async (_, attempt) => Outcome.FromResult(await attempt()), context, attempt);
            return outcome.Exception is BrokenCircuitException ? Open : outcome.Exception is { } e ? throw e : outcome.Result;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static ResiliencePipeline<string?> Create(TimeProvider time) => new ResiliencePipelineBuilder<string?> { TimeProvider = time }
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<string?>
        {
            FailureRatio = 0.5,
            MinimumThroughput = 20,
            SamplingDuration = TimeSpan.FromSeconds(5),
            BreakDuration = TimeSpan.FromSeconds(2),
            ShouldHandle = static args => ValueTask.FromResult(args.Outcome.Result is not null),
        })
        .Build();
}
