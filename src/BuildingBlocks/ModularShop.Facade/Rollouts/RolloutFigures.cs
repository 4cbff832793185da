using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using ModularShop.Modularity.Deployables;

namespace ModularShop.Facade;

/// <summary>How the two sides of an endpoint answer during one step of its rollout, in this process.</summary>
/// <param name="since">When the step began here, as a timestamp of the clock.</param>
/// <param name="baseline">The monolith's answers in an earlier step, for those steps that leave it too few.</param>
/// <param name="compared">What had been compared before the step began.</param>
internal sealed class RolloutFigures(long since, SideFigures? baseline, ShadowReading? compared)
{
    public long Since => since;

    public SideFigures Monolith { get; } = new();

    public SideFigures Service { get; } = new();

    /// <summary>What the service is measured by: the monolith in this step, or, where it has answered too little, in an earlier one.</summary>
    public SideFigures? Baseline(int minimum) => Monolith.Requests >= minimum ? Monolith : baseline;

    /// <summary>What has been compared in this step.</summary>
    public ShadowReading? Compared(ShadowFigures? shadow) => shadow?.Read() is not { } now ? null : compared is null ? now : now.After(compared);

    /// <summary>How many of the service's answers have failed in this step, of as many as the step wants at least, and how many may.</summary>
    public LimitedShare Failed(RolloutPlan plan, RolloutStep step, ShadowFigures? shadow)
    {
        if (step == RolloutStep.Shadow)
        {
            var reading = Compared(shadow);
            var unanswered = Unanswered(reading);
            return Share(unanswered, (reading?.Compared ?? 0) + unanswered, plan.MaxErrorRateDifference);
        }

        return Share(Service.Failed, Service.Requests, plan.MaxErrorRateDifference + (Baseline(plan.MinimumRequests)?.ErrorRate ?? 0));

        LimitedShare Share(long failed, long all, double limit) => new((double)failed / Math.Max(all, plan.MinimumRequests), limit);
    }

    /// <summary>Of what was to be compared, what the service failed to answer.</summary>
    public static long Unanswered(ShadowReading? reading) => (reading?[ShadowOutcome.ServiceError] ?? 0) + (reading?[ShadowOutcome.TimedOut] ?? 0);

    /// <summary>Counts a request when it has been answered.</summary>
    public void Watch(HttpContext http, Owner side) => http.Response.OnCompleted(
        static state =>
        {
            ((Watched)state).End();
            return Task.CompletedTask;
        },
        new Watched(http, side is Owner.Service, this));

    private sealed class Watched(HttpContext http, bool isService, RolloutFigures figures)
    {
        private readonly long _started = Stopwatch.GetTimestamp();

        public void End()
        {
            if (http.RequestAborted.IsCancellationRequested)
            {
                // Neither side can do anything about it.
                return;
            }

            var side = isService ? figures.Service : figures.Monolith;
            // That the monolith had to step in is the service's failure.
            var failed = http.Response.StatusCode >= 500 || http.Response.Headers.ContainsKey(FacadeHeaders.Fallback);
            side.Add(failed, Stopwatch.GetTimestamp() - _started);
        }
    }
}

/// <summary>One side's answers.</summary>
internal sealed class SideFigures
{
    private long _failed;

    public Latencies Latencies { get; } = new();

    public long Requests => Latencies.Count;

    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>0 to 1.</summary>
    public double ErrorRate => Requests is > 0 and var requests ? (double)Failed / requests : 0;

    public void Add(bool failed, long elapsed)
    {
        if (failed)
        {
            Interlocked.Increment(ref _failed);
        }

        Latencies.Add(elapsed);
    }
}

/// <summary>The plan of an endpoint's rollout, and how its present step goes.</summary>
internal sealed record RolloutWatch(RolloutPlan Plan, RolloutFigures Figures);
