namespace ModularShop.Modularity.Apis;

/// <summary>Section <c>Apis</c>: what modules ask each other across processes.</summary>
public sealed record ApiOptions
{
    /// <summary>How long an answer is waited for, 0.05 to 60 seconds; less where whoever waits for it waits less.</summary>
    public double TimeoutSeconds { get; init; } = 2;

    /// <summary>Answers kept of the questions whose answers may be stale, 0 to 1,000,000.</summary>
    public int StaleAnswers { get; init; } = 1000;

    internal TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSeconds);
}
