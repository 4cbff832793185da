using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ModularShop.Contracts;
using ModularShop.Payments.Domain;
using ModularShop.Payments.Infrastructure.Provider;

namespace Modules.Tests.Payments;

/// <summary>A shop whose clock the suites of payments move, with a provider that they can hold up and break.</summary>
public sealed class PaymentsShop : ShopFixture
{
    public const string WebhookSecret = "a-secret-of-the-tests";

    internal InterferedProvider Provider => Services.GetRequiredService<InterferedProvider>();

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Payments:Provider:WebhookSecret", WebhookSecret),
        new("Payments:Provider:Timeout", "00:00:01"),
        new("Payments:Provider:Retries", "1"),
        new("Payments:Provider:RetryWait", "00:00:00.005"),
        new("Payments:Provider:BackoffWait", "00:00:00.020"),
        new("Payments:Provider:BreakerCalls", "1000"),
        new("Payments:Provider:SimulatedWebhookDelay", "00:00:00.300"),
    ];

    protected override void ConfigureServices(IServiceCollection services)
    {
        services.AddSingleton<InterferedProvider>();
        services.Replace(ServiceDescriptor.Singleton<IPaymentProvider>(p => p.GetRequiredService<InterferedProvider>()));
    }
}

[CollectionDefinition(Name)]
public sealed class PaymentsCollection : ICollectionFixture<PaymentsShop>
{
    public const string Name = "payments";
}

/// <summary>The simulator, with a hand in between: by order number it holds a call until told, or breaks off after the work was done.</summary>
internal sealed class InterferedProvider(SimulatedProvider inner) : IPaymentProvider
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _held = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _crashes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _later = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Call, string Key)> _calls = new();

    /// <summary>Every call that reached it.</summary>
    public IReadOnlyCollection<(string Call, string Key)> Calls => _calls;

    public int ChargesOf(Guid paymentId) => inner.ChargesOf(paymentId);

    public IReadOnlyList<string> CallsOf(Guid paymentId, string call) =>
        [.. _calls.Where(c => c.Call == call && c.Key.StartsWith(paymentId.ToString("N"), StringComparison.Ordinal)).Select(c => c.Key)];

    /// <summary>The authorisation of that order is answered only after the returned source is completed.</summary>
    public TaskCompletionSource Hold(string orderNumber) => _held[orderNumber] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The authorisation of that order is answered with "later", and no webhook follows but the test's.</summary>
    public void AnswerLater(string orderNumber) => _later[orderNumber] = true;

    /// <summary>So many times the authorisation of that order is done and its answer lost.</summary>
    public void LoseAnswers(string orderNumber, int times) => _crashes[orderNumber] = times;

    public Task<ProviderAnswer> TokeniseAsync(string key, CardDetails card, CancellationToken cancellationToken) => inner.TokeniseAsync(key, card, cancellationToken);

    public async Task<ProviderAnswer> AuthoriseAsync(string key, AuthoriseCall call, CancellationToken cancellationToken)
    {
        _calls.Enqueue(("authorise", key));
        if (_later.ContainsKey(call.OrderNumber))
        {
            return new ProviderAnswer.Pending("auth_late");
        }

        if (_held.TryGetValue(call.OrderNumber, out var gate))
        {
            // Not the token: the call is to hang for as long as the test wants, not until its time limit.
            await gate.Task.WaitAsync(Eventually.Patience, CancellationToken.None);
        }

        var answer = await inner.AuthoriseAsync(key, call, cancellationToken);
        if (_crashes.TryGetValue(call.OrderNumber, out var left) && left > 0)
        {
            _crashes[call.OrderNumber] = left - 1;
            throw new IOException("The connection broke after the provider had done its work.");
        }

        return answer;
    }

    public Task<ProviderAnswer> CaptureAsync(string key, string reference, Money amount, CancellationToken cancellationToken)
    {
        _calls.Enqueue(("capture", key));
        return inner.CaptureAsync(key, reference, amount, cancellationToken);
    }

    public Task<ProviderAnswer> VoidAsync(string key, string authorisationKey, CancellationToken cancellationToken)
    {
        _calls.Enqueue(("void", key));
        return inner.VoidAsync(key, authorisationKey, cancellationToken);
    }

    public Task<ProviderAnswer> RefundAsync(string key, string reference, Money amount, CancellationToken cancellationToken)
    {
        _calls.Enqueue(("refund", key));
        return inner.RefundAsync(key, reference, amount, cancellationToken);
    }
}
