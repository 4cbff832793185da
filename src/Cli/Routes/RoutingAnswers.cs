namespace ModularShop.Cli.Routes;

/// <summary>What <c>/api/v1/routes</c> says of the routing in effect.</summary>
internal sealed record Routing(
    long Revision, DateTimeOffset At, string By, string Reason, IReadOnlyList<string> Errors, IReadOnlyList<Service> Services, IReadOnlyList<RouteOf> Endpoints);

internal sealed record Service(string Name, IReadOnlyList<string> Destinations, int Healthy, int Addresses);

internal sealed record RouteOf(string Name, string Method, string Path, string Module, string Mode, int? Percent, string Owner, long Epoch, string Answers, string? Rollout)
{
    public string ModeText => Percent is { } percent ? $"{Mode} {percent} %" : Mode;
}

internal sealed record Explanation(string Endpoint, string Path, long Revision, string Mode, string Answers, string Owner, long Epoch, string Because);

internal sealed record Revision(long Number, DateTimeOffset At, string By, string Reason, IReadOnlyList<string> Changes);

/// <summary>What <c>/api/v1/routes/{endpoint}/shadow</c> says.</summary>
internal sealed record ShadowFigures(
    string Endpoint, long Revision, DateTimeOffset Since, long Compared, long Equal, long Settled, long Different, double? PercentEqual, long ServiceErrors, long TimedOut, long Dropped,
    long TooLarge, IReadOnlyList<ShadowSample> Samples);

internal sealed record ShadowSample(
    DateTimeOffset At, string Request, string? TraceId, IReadOnlyList<Difference> Differences, int MonolithStatus, string MonolithBody, int ServiceStatus, string ServiceBody);

internal sealed record Difference(string Path, string? Monolith, string? Service);
