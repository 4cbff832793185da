using System.Text.Json.Nodes;

namespace ModularShop.Facade;

/// <summary>A plan by which an endpoint goes over to its service by itself.</summary>
/// <param name="Plan">As the section <c>Rollout</c> of an endpoint in the routing file; what is left out has its default.</param>
/// <param name="Reason">For the history: why, 3 to 500 characters.</param>
/// <param name="Revision">The revision that the plan was thought out on; a later one refuses it. Null: whichever is in effect.</param>
public sealed record RolloutRequest(JsonObject Plan, string Reason, long? Revision = null);

/// <summary>What somebody has to say to a rollout.</summary>
/// <param name="Revision">The revision that it was decided on; a later one refuses it. Null: whichever is in effect.</param>
public sealed record RolloutCommand(string Reason, long? Revision = null);

/// <summary>How an endpoint's rollout goes.</summary>
/// <param name="Step">Where the endpoint is: <c>Monolith</c>, <c>Shadow</c> or a percentage.</param>
/// <param name="Next">The step behind it; null at the end, and where the rollout is over.</param>
/// <param name="Action">What is done now: <c>Wait</c>, <c>AskFirst</c> (somebody has to approve), <c>GoOn</c>, <c>GoBack</c>; null unless it is running.</param>
/// <param name="Because">What it waits for, or why it went back.</param>
/// <param name="Service">What the service answered in this step, in the process that was asked; null where nothing is counted.</param>
/// <param name="Failed">How much of it failed; null where nothing is counted.</param>
/// <param name="Began">The revision with which it began, as far as the process that was asked has seen it.</param>
public sealed record RolloutView(
    string Endpoint, string State, string Step, IReadOnlyList<string> Steps, string? Next, string? Action, string? Because, SideView? Service, SideView? Monolith, LimitedShare? Failed,
    RolloutLimits Limits, long Began);

/// <summary>What the service may do so often and no oftener, as a rollout judges it: by the requests of its step, or by as many as the step wants at least.</summary>
/// <param name="Share">0 to 1.</param>
/// <param name="Limit">Where the share is above it, the rollout goes back.</param>
public sealed record LimitedShare(double Share, double Limit)
{
    internal bool IsExceeded => Share > Limit;
}

/// <param name="P95Milliseconds">The 95th percentile of the time from the request's arrival to the end of the answer.</param>
public sealed record SideView(long Requests, long Failed, double P95Milliseconds);

/// <summary>What has to hold at each step.</summary>
public sealed record RolloutLimits(
    double BakeSeconds, int MinimumRequests, double MaxErrorRateDifference, double MaxP95Ratio, double P95ToleranceMilliseconds, double MaxShadowMismatchRate, IReadOnlyList<int> Gates);
