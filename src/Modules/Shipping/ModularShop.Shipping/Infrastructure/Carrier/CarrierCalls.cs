using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Shipping.Domain;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace ModularShop.Shipping.Infrastructure.Carrier;

/// <summary>
/// Every call to the carrier: none lasts longer than the timeout, and a carrier that keeps failing is left alone
/// for a while. It tries nothing twice: whoever calls has recorded what is wanted, and when it is wanted again.
/// </summary>
internal sealed class CarrierCalls
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly IServiceScopeFactory _scopes;
    private readonly ResiliencePipeline _pipeline;

    public CarrierCalls(IServiceScopeFactory scopes, IOptions<CarrierOptions> options, TimeProvider time, ILogger<CarrierCalls> logger)
    {
        _scopes = scopes;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = options.Value.BreakAfterCalls,
                SamplingDuration = Window,
                BreakDuration = TimeSpan.FromSeconds(options.Value.BreakSeconds),
                ShouldHandle = new PredicateBuilder().Handle<Exception>(),
                OnOpened = opened =>
                {
                    Log.CarrierLeftAlone(logger, opened.Outcome.Exception, opened.BreakDuration);
                    return default;
                },
                OnClosed = _ =>
                {
                    Log.CarrierAnswersAgain(logger);
                    return default;
                },
            })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = TimeSpan.FromMilliseconds(options.Value.TimeoutMilliseconds) })
            .Build();
    }

    /// <exception cref="CarrierUnavailableException">No answer: whether the carrier did what was asked is unknown.</exception>
    public async Task<TAnswer> AskAsync<TAnswer>(Func<ICarrier, CancellationToken, Task<TAnswer>> question, CancellationToken cancellationToken)
    {
        TransactionFlow.RefuseNetworkCall("the carrier");
        await using var scope = _scopes.CreateAsyncScope();
        var carrier = scope.ServiceProvider.GetRequiredService<ICarrier>();
        try
        {
            return await _pipeline.ExecuteAsync(async token => await question(carrier, token), cancellationToken);
        }
        catch (Exception e) when (e is BrokenCircuitException or TimeoutRejectedException or HttpRequestException or CarrierUnavailableException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw e as CarrierUnavailableException ?? new CarrierUnavailableException(e.Message, e);
        }
    }
}

/// <summary>The carrier gave no answer that can be relied on.</summary>
internal sealed class CarrierUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
