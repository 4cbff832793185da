namespace ModularShop.Shipping.Infrastructure.Carrier;

/// <summary>Section <c>Shipping:Carrier</c>.</summary>
internal sealed record CarrierOptions
{
    /// <summary>Base address of the carrier's API; null for the simulated carrier.</summary>
    public Uri? Url { get; init; }

    /// <summary>Sent as a bearer token; required with <see cref="Url"/>.</summary>
    public string? ApiKey { get; init; }

    /// <summary>How long a call may take, 10 to 60,000 ms.</summary>
    public int TimeoutMilliseconds { get; init; } = 2000;

    /// <summary>Parcels that are talked about with the carrier at the same time, 1 to 64.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>Wait after the first failed call about a parcel, 1 to 60,000 ms; doubles with each, plus or minus a fifth by chance.</summary>
    public int RetryBaseMilliseconds { get; init; } = 500;

    /// <summary>The longest wait between two calls about a parcel, 1 to 3600 s.</summary>
    public int RetryMaxSeconds { get; init; } = 10;

    /// <summary>Age at which a booking that the carrier has not confirmed is given up, 1 to 86,400 s.</summary>
    public int GiveUpAfterSeconds { get; init; } = 60;

    /// <summary>Calls in 10 s, half of which fail, after which the carrier is left alone for a while: 2 to 10,000.</summary>
    public int BreakAfterCalls { get; init; } = 10;

    /// <summary>How long it is left alone, 1 to 300 s.</summary>
    public int BreakSeconds { get; init; } = 5;

    public SimulateOptions Simulate { get; init; } = new();

    public TimeSpan Backoff(int failedCalls)
    {
        var milliseconds = Math.Min(RetryBaseMilliseconds * Math.Pow(2, Math.Min(failedCalls, 30)), RetryMaxSeconds * 1000.0);
        return TimeSpan.FromMilliseconds(milliseconds * (0.8 + (Random.Shared.NextDouble() * 0.4)));
    }

    /// <summary>Section <c>Shipping:Carrier:Simulate</c>; changes take effect while the shop runs.</summary>
    internal sealed record SimulateOptions
    {
        /// <summary>Must be true for the simulated carrier to work in Production.</summary>
        public bool? Enabled { get; init; }

        /// <summary>How long a parcel stays in each status, 1 to 86,400 s.</summary>
        public int StepSeconds { get; init; } = 5;

        /// <summary>The carrier does not answer.</summary>
        public bool Down { get; init; }

        /// <summary>How long it takes to answer, 0 to 60,000 ms.</summary>
        public int DelayMilliseconds { get; init; }
    }
}
