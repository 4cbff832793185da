using System.Globalization;
using ModularShop.Modularity.Deployables;

namespace ModularShop.Facade;

internal enum RolloutAction
{
    /// <summary>Something is still to be seen.</summary>
    Wait,

    /// <summary>The step has proved itself, and the next is not begun before somebody approves.</summary>
    AskFirst,

    /// <summary>On to the next step, or to the end.</summary>
    GoOn,

    /// <summary>A limit is broken.</summary>
    GoBack,
}

/// <summary>What becomes of a rollout now, and why.</summary>
internal sealed record RolloutDecision(RolloutAction Action, RolloutStep? Next, string Because)
{
    /// <summary>Decides by the figures of the present step.</summary>
    /// <remarks>
    /// A limit is broken as soon as nothing that is still to come could keep it: when more requests have failed, been slow or
    /// differed than <see cref="RolloutPlan.MinimumRequests"/> may hold. So a few requests break none by chance, and a service
    /// that fails all of them is found out early.
    /// </remarks>
    public static RolloutDecision Of(RolloutPlan plan, RolloutStep? step, RolloutFigures figures, ShadowFigures? shadow, TimeSpan elapsed)
    {
        if (step is not { } present)
        {
            return GoOn(plan, null, "it begins");
        }

        var hasFailed = figures.Failed(plan, present, shadow).IsExceeded;
        var seen = present == RolloutStep.Shadow ? Compared(plan, figures.Compared(shadow), shadow, hasFailed) : Answered(plan, figures, hasFailed, isAll: present == RolloutStep.All);
        return seen.Broken is { } broken ? new(RolloutAction.GoBack, null, broken)
            : elapsed < plan.Bake ? new(RolloutAction.Wait, plan.After(step), $"{seen.Summary}; the step is watched for {Text(plan.Bake - elapsed)} more")
            : seen.Missing is { } missing ? new(RolloutAction.Wait, plan.After(step), $"{seen.Summary}; {missing}")
            : GoOn(plan, step, seen.Summary);
    }

    private static RolloutDecision GoOn(RolloutPlan plan, RolloutStep? step, string summary) =>
        plan.After(step) is { } next && plan.IsGate(next)
            ? new(RolloutAction.AskFirst, next, $"{summary}; {next} has to be approved")
            : new(RolloutAction.GoOn, plan.After(step), summary);

    private static Seen Compared(RolloutPlan plan, ShadowReading? reading, ShadowFigures? shadow, bool hasFailed)
    {
        var compared = reading?.Compared ?? 0;
        var different = reading?[ShadowOutcome.Different] ?? 0;
        var failed = RolloutFigures.Unanswered(reading);
        var summary = Invariant($"{compared} answers compared, {different} different, {failed} failed at the service");
        return new Seen(
            summary,
            different > plan.MaxShadowMismatchRate * Math.Max(compared, plan.MinimumRequests)
                ? Invariant($"MaxShadowMismatchRate {plan.MaxShadowMismatchRate:0.####} is exceeded: {summary}; different in {Fields(shadow!)}")
                : hasFailed
                    ? Invariant($"MaxErrorRateDifference {plan.MaxErrorRateDifference:0.####} is exceeded: {summary}")
                    : null,
            compared < plan.MinimumRequests ? Invariant($"{plan.MinimumRequests - compared} more are wanted") : null);
    }

    /// <summary>Where the newest answers differed: when the mode is no longer Shadow, nothing else tells.</summary>
    private static string Fields(ShadowFigures shadow) => string.Join(", ", shadow.Samples().SelectMany(s => s.Differences).Select(d => d.Path).Distinct(StringComparer.Ordinal).Take(5));

    private static Seen Answered(RolloutPlan plan, RolloutFigures figures, bool hasFailed, bool isAll)
    {
        var (service, baseline) = (figures.Service, figures.Baseline(plan.MinimumRequests));
        var requests = service.Requests;
        var wanted = Math.Max(requests, plan.MinimumRequests);
        var summary = $"the service: {Text(service)}; the monolith: {Text(baseline ?? figures.Monolith)}";
        if (hasFailed)
        {
            return new Seen(summary, Invariant($"MaxErrorRateDifference {plan.MaxErrorRateDifference:0.####} is exceeded: {summary}"), null);
        }

        if (baseline is not null)
        {
            var p95 = baseline.Latencies.P95();
            var limit = TimeSpan.FromTicks(Math.Max((long)(p95.Ticks * plan.MaxP95Ratio), (p95 + plan.P95Tolerance).Ticks));
            if (service.Latencies.Above(limit) > 0.05 * wanted)
            {
                return new Seen(summary, Invariant($"MaxP95Ratio {plan.MaxP95Ratio:0.##} is exceeded (the limit is {limit.TotalMilliseconds:0.#} ms): {summary}"), null);
            }
        }

        return new Seen(
            summary, null,
            requests < plan.MinimumRequests ? Invariant($"{plan.MinimumRequests - requests} more requests to the service are wanted")
            // With everything at the service the monolith has no more to come.
            : baseline is null && !isAll ? Invariant($"{plan.MinimumRequests - figures.Monolith.Requests} more requests to the monolith are wanted, to measure the service by")
            : null);
    }

    private static string Text(SideFigures side) => Invariant($"{side.Requests} requests, {100 * side.ErrorRate:0.##} % failed, p95 {side.Latencies.P95().TotalMilliseconds:0.#} ms");

    private static string Text(TimeSpan time) => time.TotalMinutes >= 1 ? Invariant($"{time.TotalMinutes:0.#} min") : Invariant($"{Math.Ceiling(time.TotalSeconds):0} s");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <param name="Broken">The limit that is broken, with the figures.</param>
    /// <param name="Missing">What the step still wants before it has proved itself.</param>
    private sealed record Seen(string Summary, string? Broken, string? Missing);
}
