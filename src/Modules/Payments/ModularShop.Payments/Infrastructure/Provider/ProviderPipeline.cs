using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Payments.Domain;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace ModularShop.Payments.Infrastructure.Provider;

/// <summary>
/// What every call to the provider goes through: a time limit for each attempt, a circuit breaker that notices
/// when the provider is down, and a few repetitions at once. Longer waits are the worker's, in the payment's row.
/// </summary>
internal sealed class ProviderPipeline
{
    private readonly ResiliencePipeline<ProviderAnswer> _pipeline;
    private readonly CircuitBreakerStateProvider _breaker = new();
    private readonly TimeProvider _time;
    private long _pausedUntil;

    public ProviderPipeline(IOptions<ProviderOptions> configured, TimeProvider time, ILogger<ProviderPipeline> logger)
    {
        _time = time;
        var options = configured.Value;
        var builder = new ResiliencePipelineBuilder<ProviderAnswer> { TimeProvider = time };
        if (options.Retries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<ProviderAnswer>
            {
                MaxRetryAttempts = options.Retries,
                Delay = options.RetryWait,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = args => ValueTask.FromResult(
                    args.Outcome.Exception is not (BrokenCircuitException or OperationCanceledException) && HasNoAnswer(args.Outcome)),
            });
        }

        _pipeline = builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<ProviderAnswer>
            {
                FailureRatio = 0.5,
                MinimumThroughput = options.BreakerCalls,
                SamplingDuration = options.BreakerWindow,
                BreakDuration = options.BreakerPause,
                StateProvider = _breaker,
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is not OperationCanceledException && HasNoAnswer(args.Outcome)),
                OnOpened = args =>
                {
                    Interlocked.Exchange(ref _pausedUntil, (time.GetUtcNow() + args.BreakDuration).UtcTicks);
                    Log.BreakerOpened(logger, args.BreakDuration);
                    return ValueTask.CompletedTask;
                },
                OnClosed = _ =>
                {
                    Log.BreakerClosed(logger);
                    return ValueTask.CompletedTask;
                },
            })
            .AddTimeout(options.Timeout)
            .Build();
    }

    public bool IsBroken => _breaker.CircuitState is not CircuitState.Closed;

    /// <summary>How many more calls make sense now: as many as wanted; one, to try, when the breaker has paused long enough; or none.</summary>
    public int Admits(int wanted, int running)
    {
        if (!IsBroken)
        {
            return wanted - running;
        }

        return running == 0 && _time.GetUtcNow().UtcTicks >= Interlocked.Read(ref _pausedUntil) ? 1 : 0;
    }

    /// <summary>The provider's answer, or why there is none; null where it was not asked, because the breaker is open.</summary>
    public async Task<ProviderAnswer?> CallAsync(Func<CancellationToken, Task<ProviderAnswer>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await _pipeline.ExecuteAsync(async token => await call(token), cancellationToken);
        }
        catch (BrokenCircuitException)
        {
            return null;
        }
        catch (TimeoutRejectedException e)
        {
            return new ProviderAnswer.Unknown($"no answer within {e.Timeout.TotalSeconds:0.###} s");
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return new ProviderAnswer.Unknown($"{e.GetType().Name}: {e.Message}");
        }
    }

    private static bool HasNoAnswer(Outcome<ProviderAnswer> outcome) => outcome.Exception is not null || outcome.Result is ProviderAnswer.Unknown;
}
