using System.Diagnostics;
using ModularShop.Facade;

namespace Modules.Tests.Facade;

public sealed class RolloutDecisionTests
{
    private static readonly RolloutPlan Plan = RolloutPlan.Default with
    {
        Steps = [RolloutStep.Shadow, new(10), new(50), RolloutStep.All], MinimumRequests = 100, Bake = TimeSpan.FromMinutes(1), Gates = [50],
    };

    private static readonly TimeSpan Baked = TimeSpan.FromMinutes(1);

    [Fact]
    public void At_the_monolith_it_begins_with_the_first_step()
    {
        var decision = RolloutDecision.Of(Plan, null, Figures(), null, TimeSpan.Zero);
        decision.Action.ShouldBe(RolloutAction.GoOn);
        decision.Next.ShouldBe(RolloutStep.Shadow);
    }

    [Fact]
    public void No_traffic_is_no_failure_and_no_success_however_long_it_lasts()
    {
        var decision = At(10, Figures(), TimeSpan.FromDays(2));
        decision.Action.ShouldBe(RolloutAction.Wait);
        decision.Because.ShouldContain("100 more requests to the service");
    }

    [Fact]
    public void What_is_good_goes_on_when_it_has_been_watched_for_as_long_as_the_plan_says()
    {
        var good = Figures(service: (100, 0, 10), monolith: (900, 0, 10));
        At(10, good, Baked - TimeSpan.FromSeconds(1)).Action.ShouldBe(RolloutAction.Wait);
        var decision = At(50, good, Baked);
        decision.Action.ShouldBe(RolloutAction.GoOn);
        decision.Next.ShouldBe(RolloutStep.All);
    }

    [Fact]
    public void A_gate_waits_for_somebody()
    {
        var decision = At(10, Figures(service: (100, 0, 10), monolith: (900, 0, 10)), Baked);
        decision.Action.ShouldBe(RolloutAction.AskFirst);
        decision.Next.ShouldBe(new RolloutStep(50));
    }

    [Fact]
    public void Behind_the_last_step_it_is_at_its_end()
    {
        var decision = At(100, Figures(service: (100, 0, 10)), Baked);
        decision.Action.ShouldBe(RolloutAction.GoOn);
        decision.Next.ShouldBeNull();
    }

    [Theory]
    [InlineData(100, 1, 900, 0, false)]
    [InlineData(100, 2, 900, 0, true)]
    // The monolith fails as often: it is not the service.
    [InlineData(100, 5, 900, 45, false)]
    // One of three is chance; with two no hundred can be within 1 % any more.
    [InlineData(3, 1, 900, 0, false)]
    [InlineData(3, 2, 900, 0, true)]
    public void More_failures_than_at_the_monolith_take_it_back_at_once(int service, int failed, int monolith, int failedThere, bool isBack)
    {
        var decision = At(10, Figures((service, failed, 10), (monolith, failedThere, 10)), TimeSpan.Zero);
        decision.Action.ShouldBe(isBack ? RolloutAction.GoBack : RolloutAction.Wait, decision.Because);
        decision.Because.Contains("MaxErrorRateDifference", StringComparison.Ordinal).ShouldBe(isBack);
    }

    [Theory]
    // Half as long again, or 20 ms, whichever is more.
    [InlineData(28, false)]
    [InlineData(33, true)]
    public void A_service_that_is_slower_is_taken_back(int milliseconds, bool isBack)
    {
        var decision = At(10, Figures((100, 0, milliseconds), (900, 0, 10)), TimeSpan.Zero);
        decision.Action.ShouldBe(isBack ? RolloutAction.GoBack : RolloutAction.Wait, decision.Because);
        decision.Because.Contains("MaxP95Ratio", StringComparison.Ordinal).ShouldBe(isBack);
    }

    [Fact]
    public void Where_the_monolith_has_answered_too_little_it_is_measured_by_an_earlier_step()
    {
        var earlier = new SideFigures();
        Add(earlier, (900, 0, 10));
        var figures = new RolloutFigures(0, earlier, null);
        Add(figures.Service, (100, 0, 200));
        At(100, figures, TimeSpan.Zero).Action.ShouldBe(RolloutAction.GoBack);

        var alone = Figures(service: (100, 0, 200), monolith: (5, 0, 10));
        At(50, alone, Baked).Because.ShouldContain("95 more requests to the monolith");
        At(100, alone, Baked).Action.ShouldBe(RolloutAction.GoOn, "the monolith has no more to come");
    }

    [Theory]
    [InlineData(100, 0, 0, nameof(RolloutAction.AskFirst))]
    [InlineData(99, 0, 0, nameof(RolloutAction.Wait))]
    [InlineData(4, 1, 0, nameof(RolloutAction.GoBack))]
    [InlineData(4, 0, 2, nameof(RolloutAction.GoBack))]
    public void In_the_step_Shadow_the_comparisons_decide(int equal, int different, int timedOut, string action)
    {
        var shadow = new ShadowFigures(1, default);
        Count(ShadowOutcome.Equal, equal);
        Count(ShadowOutcome.Different, different);
        Count(ShadowOutcome.TimedOut, timedOut);
        RolloutDecision.Of(Plan with { Gates = [10] }, RolloutStep.Shadow, Figures(), shadow, Baked).Action.ToString().ShouldBe(action);

        void Count(ShadowOutcome outcome, int times)
        {
            for (var i = 0; i < times; i++)
            {
                shadow.Count(outcome);
            }
        }
    }

    [Fact]
    public void The_95th_percentile_is_what_95_of_100_did_not_exceed()
    {
        var latencies = new Latencies();
        for (var i = 1; i <= 100; i++)
        {
            latencies.Add(Stopwatch.Frequency * i / 1000);
        }

        latencies.P95().TotalMilliseconds.ShouldBeInRange(95, 95 * 1.05);
        latencies.Above(TimeSpan.FromMilliseconds(50)).ShouldBeInRange(46, 50);
        latencies.Above(TimeSpan.FromMinutes(20)).ShouldBe(0);
    }

    private static RolloutDecision At(int percent, RolloutFigures figures, TimeSpan elapsed) => RolloutDecision.Of(Plan, new RolloutStep(percent), figures, null, elapsed);

    private static RolloutFigures Figures((int Requests, int Failed, int Milliseconds) service = default, (int Requests, int Failed, int Milliseconds) monolith = default)
    {
        var figures = new RolloutFigures(0, null, null);
        Add(figures.Service, service);
        Add(figures.Monolith, monolith);
        return figures;
    }

    private static void Add(SideFigures side, (int Requests, int Failed, int Milliseconds) answers)
    {
        for (var i = 0; i < answers.Requests; i++)
        {
            side.Add(i < answers.Failed, Stopwatch.Frequency * answers.Milliseconds / 1000);
        }
    }
}
