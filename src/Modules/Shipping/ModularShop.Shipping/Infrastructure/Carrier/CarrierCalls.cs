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
    private readonly ResiliencePipeline _errands;
    private readonly ResiliencePipeline _tracking;

    public CarrierCalls(IServiceScopeFactory scopes, IOptions<CarrierOptions> options, TimeProvider time, ILogger<CarrierCalls> logger)
    {
        _scopes = scopes;
        // One each: a carrier that cannot tell where its parcels are may well take new ones.
        _errands = Build("bookings", options.Value, time, logger);
        _tracking = Build("tracking", options.Value, time, logger);
    }

    /// <exception cref="CarrierUnavailableException">No answer: whether the carrier did it is unknown.</exception>
    public Task<BookingAnswer> BookAsync(Parcel parcel, CancellationToken cancellationToken) =>
        AskAsync(_errands, (carrier, token) => carrier.BookAsync(parcel, token), cancellationToken);

    /// <inheritdoc cref="BookAsync"/>
    public Task<CancellationAnswer> CancelAsync(Parcel parcel, CancellationToken cancellationToken) =>
        AskAsync(_errands, (carrier, token) => carrier.CancelAsync(parcel, token), cancellationToken);

    /// <exception cref="CarrierUnavailableException">No answer.</exception>
    public Task<IReadOnlyList<CarrierEvent>> TrackAsync(Parcel parcel, CancellationToken cancellationToken) =>
        AskAsync(_tracking, (carrier, token) => carrier.TrackAsync(parcel, token), cancellationToken);

    private static ResiliencePipeline Build(string what, CarrierOptions options, TimeProvider time, ILogger logger) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = options.BreakAfterCalls,
                SamplingDuration = Window,
                BreakDuration = TimeSpan.FromSeconds(options.BreakSeconds),
                ShouldHandle = new PredicateBuilder().Handle<Exception>(),
                OnOpened = opened =>
                {
                    Log.CarrierLeftAlone(logger, opened.Outcome.Exception, what, opened.BreakDuration);
                    return default;
                },
                OnClosed = _ =>
                {
                    Log.CarrierAnswersAgain(logger, what);
                    return default;
                },
            })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = TimeSpan.FromMilliseconds(options.TimeoutMilliseconds) })
            .Build();

    private async Task<TAnswer> AskAsync<TAnswer>(
        ResiliencePipeline pipeline, Func<ICarrier, CancellationToken, Task<TAnswer>> question, CancellationToken cancellationToken)
    {
        TransactionFlow.RefuseNetworkCall("the carrier");
        await using var scope = _scopes.CreateAsyncScope();
        var carrier = scope.ServiceProvider.GetRequiredService<ICarrier>();
        try
        {
            return await pipeline.ExecuteAsync(async token => await question(carrier, token), cancellationToken);
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
