namespace ModularShop.Cli.Routes;

/// <summary>What <c>/api/v1/routes</c> says of the routing in effect.</summary>
internal sealed record Routing(
    long Revision, DateTimeOffset At, string By, string Reason, IReadOnlyList<string> Errors, IReadOnlyList<Service> Services, IReadOnlyList<RouteOf> Endpoints);

internal sealed record Service(string Name, IReadOnlyList<string> Destinations, int Healthy);

internal sealed record RouteOf(string Name, string Method, string Path, string Module, string Mode, int? Percent, string Owner, long Epoch, string Answers)
{
    public string ModeText => Percent is { } percent ? $"{Mode} {percent} %" : Mode;
}

internal sealed record Explanation(string Endpoint, string Path, long Revision, string Mode, string Answers, string Owner, long Epoch, string Because);

internal sealed record Revision(long Number, DateTimeOffset At, string By, string Reason);
