namespace ModularShop.Payments.Infrastructure.Provider;

/// <summary>Section <c>Payments:Provider</c>.</summary>
internal sealed record ProviderOptions
{
    /// <summary>Base address of the provider's API; null: the simulator in this process.</summary>
    public string? Url { get; init; }

    /// <summary>Our key at the provider; with <see cref="Url"/> required.</summary>
    public string? ApiKey { get; init; }

    /// <summary>What the provider signs its webhooks with; with <see cref="Url"/> required, 16 characters or more. Without it no webhook is believed.</summary>
    public string? WebhookSecret { get; init; }

    /// <summary>How old a webhook's signature may be, 1 second to 1 day.</summary>
    public TimeSpan WebhookTolerance { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a webhook stays to recognise a second delivery, 1 day to 1 year: longer than the provider repeats it.</summary>
    public TimeSpan EventRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Says that no real money is meant to move: in Production the simulator runs only with this.</summary>
    public bool Simulate { get; init; }

    /// <summary>After how long the simulator reports what it answered with <c>pending</c>, up to 1 hour.</summary>
    public TimeSpan SimulatedWebhookDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one call may take, 10 milliseconds to 1 minute.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Repetitions at once when a call gets no answer, 0 to 5.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>Wait before the first repetition, 1 millisecond to 1 minute; doubles with each, spread by chance.</summary>
    public TimeSpan RetryWait { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Wait after the repetitions were in vain too, 1 millisecond to 1 hour; doubles with each round, spread by chance.</summary>
    public TimeSpan BackoffWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest such wait, up to 1 day.</summary>
    public TimeSpan BackoffMaximum { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Calls at the same time, 1 to 64.</summary>
    public int Parallel { get; init; } = 8;

    /// <summary>Calls within <see cref="BreakerWindow"/> of which half are without an answer: then none is made for <see cref="BreakerPause"/>. 2 to 1000.</summary>
    public int BreakerCalls { get; init; } = 6;

    /// <summary>500 milliseconds to 1 hour.</summary>
    public TimeSpan BreakerWindow { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>500 milliseconds to 1 hour.</summary>
    public TimeSpan BreakerPause { get; init; } = TimeSpan.FromSeconds(10);

    public static (Func<ProviderOptions, bool> Rule, string Message)[] Rules(bool isProduction) =>
    [
        (o => o.Url is not null || o.Simulate || !isProduction,
            "Url is not set. In Production set Url, ApiKey and WebhookSecret of the payment provider, or Simulate=true if no real money is meant to move."),
        (o => o.Url is null || (Uri.TryCreate(o.Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"), "Url must be an absolute http or https address."),
        (o => o.Url is null || !string.IsNullOrWhiteSpace(o.ApiKey), "ApiKey must be set where Url is."),
        (o => o.Url is null || o.WebhookSecret is not null, "WebhookSecret must be set where Url is."),
        (o => o.WebhookSecret is null or { Length: >= 16 }, "WebhookSecret must have 16 characters or more."),
        (o => Within(o.WebhookTolerance, 1000, Day), "WebhookTolerance must be 00:00:01 to 1.00:00:00."),
        (o => Within(o.EventRetention, Day, 365 * Day), "EventRetention must be 1.00:00:00 to 365.00:00:00."),
        (o => Within(o.SimulatedWebhookDelay, 0, Hour), "SimulatedWebhookDelay must be 00:00:00 to 01:00:00."),
        (o => Within(o.Timeout, 10, Minute), "Timeout must be 00:00:00.010 to 00:01:00."),
        (o => o.Retries is >= 0 and <= 5, "Retries must be 0 to 5."),
        (o => Within(o.RetryWait, 1, Minute), "RetryWait must be 00:00:00.001 to 00:01:00."),
        (o => Within(o.BackoffWait, 1, Hour), "BackoffWait must be 00:00:00.001 to 01:00:00."),
        (o => o.BackoffMaximum >= o.BackoffWait && Within(o.BackoffMaximum, 1, Day), "BackoffMaximum must be BackoffWait to 1.00:00:00."),
        (o => o.Parallel is >= 1 and <= 64, "Parallel must be 1 to 64."),
        (o => o.BreakerCalls is >= 2 and <= 1000, "BreakerCalls must be 2 to 1000."),
        (o => Within(o.BreakerWindow, 500, Hour), "BreakerWindow must be 00:00:00.500 to 01:00:00."),
        (o => Within(o.BreakerPause, 500, Hour), "BreakerPause must be 00:00:00.500 to 01:00:00."),
    ];

    private const double Minute = 60_000;
    private const double Hour = 60 * Minute;
    private const double Day = 24 * Hour;

    private static bool Within(TimeSpan value, double fromMilliseconds, double toMilliseconds) =>
        value.TotalMilliseconds >= fromMilliseconds && value.TotalMilliseconds <= toMilliseconds;
}

/// <summary>Section <c>Payments:Authorisation</c>.</summary>
internal sealed record AuthorisationOptions
{
    /// <summary>How long the card holder's bank holds an amount, 1 minute to 60 days.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long an order waits for the provider's answer before its payment counts as declined, 1 second to 1 day.</summary>
    public TimeSpan MaximumWait { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>When to ask again after the provider answered "later" and no webhook has come, 100 milliseconds to 1 hour.</summary>
    public TimeSpan PendingRecheck { get; init; } = TimeSpan.FromMinutes(1);

    public static (Func<AuthorisationOptions, bool> Rule, string Message)[] Rules =>
    [
        (o => o.Lifetime >= TimeSpan.FromMinutes(1) && o.Lifetime <= TimeSpan.FromDays(60), "Lifetime must be 00:01:00 to 60.00:00:00."),
        (o => o.MaximumWait >= TimeSpan.FromSeconds(1) && o.MaximumWait <= TimeSpan.FromDays(1), "MaximumWait must be 00:00:01 to 1.00:00:00."),
        (o => o.PendingRecheck >= TimeSpan.FromMilliseconds(100) && o.PendingRecheck <= TimeSpan.FromHours(1), "PendingRecheck must be 00:00:00.100 to 01:00:00."),
    ];
}
