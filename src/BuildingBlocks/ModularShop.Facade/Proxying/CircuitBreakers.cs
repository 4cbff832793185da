using System.Collections.Concurrent;
using Polly;
using Polly.CircuitBreaker;

namespace ModularShop.Facade;

/// <summary>
/// One for each endpoint that another process answers: where half of 20 or more requests in 5 s fail, it is not asked
/// for 2 s. That the whole process is gone is noticed by its health.
/// </summary>
internal sealed class CircuitBreakers(TimeProvider time)
{
    private readonly ConcurrentDictionary<FacadeEndpoint, ResiliencePipeline<string?>> _breakers = new();

    /// <summary>Null, or why the attempt failed: what it says, or <c>circuit-open</c> where it was not made.</summary>
    public async Task<string?> TryAsync(FacadeEndpoint endpoint, Func<Task<string?>> attempt)
    {
        var context = ResilienceContextPool.Shared.Get();
        try
        {
            var breaker = _breakers.GetOrAdd(endpoint, static (_, t) => Create(t), time);
            var outcome = await breaker.ExecuteOutcomeAsync(static async (_, attempt) => Outcome.FromResult(await attempt()), context, attempt);
            return outcome.Exception is BrokenCircuitException ? "circuit-open" : outcome.Exception is { } e ? throw e : outcome.Result;
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
