namespace ModularShop.Facade;

/// <summary>How the service's answers compare with the monolith's.</summary>
/// <param name="Since">When counting began: with the revision that set the mode Shadow, or the start of the process.</param>
/// <param name="Compared"><paramref name="Equal"/> and <paramref name="Different"/> together.</param>
/// <param name="Settled">Those among <paramref name="Equal"/> that were equal only when both sides were asked again.</param>
/// <param name="PercentEqual">Of those compared; null where none was.</param>
/// <param name="Samples">The newest differences, newest first.</param>
public sealed record ShadowView(
    string Endpoint, long Revision, DateTimeOffset Since, long Compared, long Equal, long Settled, long Different, double? PercentEqual, long ServiceErrors,
    long TimedOut, long Dropped, long TooLarge, IReadOnlyList<ShadowSample> Samples);

/// <summary>A request that the two sides answered differently, with what is secret or personal masked.</summary>
/// <param name="TraceId">Of the request that a client sent; the service's copy bears it too.</param>
public sealed record ShadowSample(
    DateTimeOffset At, string Request, string? TraceId, IReadOnlyList<Difference> Differences, int MonolithStatus, string MonolithBody, int ServiceStatus, string ServiceBody);
