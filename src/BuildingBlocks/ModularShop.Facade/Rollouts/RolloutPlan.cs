namespace ModularShop.Facade;

/// <summary>How far a rollout has come.</summary>
public enum RolloutState
{
    /// <summary>It goes on by itself.</summary>
    Running,

    /// <summary>Somebody has stopped it where it is.</summary>
    Paused,

    /// <summary>A limit was broken, and the monolith answers again.</summary>
    RolledBack,

    /// <summary>The last step has proved itself.</summary>
    Done,
}

/// <summary>How an endpoint goes over to its service by itself: the steps, and what has to hold at each.</summary>
internal sealed record RolloutPlan
{
    public static RolloutPlan Default { get; } = new();

    /// <summary>In the order they are taken; each asks the service for more than the one before.</summary>
    public IReadOnlyList<RolloutStep> Steps { get; init; } = [RolloutStep.Shadow, new(1), new(5), new(25), new(50), RolloutStep.All];

    /// <summary>How long each step is watched at least.</summary>
    public TimeSpan Bake { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many requests the service has to answer, or comparisons to be made, in each step at least.</summary>
    public int MinimumRequests { get; init; } = 200;

    /// <summary>By how much the share of requests that fail, 0 to 1, may be larger at the service.</summary>
    public double MaxErrorRateDifference { get; init; } = 0.01;

    /// <summary>How many times the monolith's 95th percentile of latency the service's may be.</summary>
    public double MaxP95Ratio { get; init; } = 1.5;

    /// <summary>What the service's 95th percentile may be longer whatever the ratio: a hop over the network takes its time.</summary>
    public TimeSpan P95Tolerance { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The share of comparisons, 0 to 1, that may differ in the step Shadow.</summary>
    public double MaxShadowMismatchRate { get; init; }

    /// <summary>Percentages that are not begun before somebody approves.</summary>
    public IReadOnlyList<int> Gates { get; init; } = [];

    public RolloutState State { get; init; }

    /// <summary>Why it is <see cref="RolloutState.RolledBack"/>.</summary>
    public string? Because { get; init; }

    /// <summary>The first step beyond; null behind the last.</summary>
    public RolloutStep? After(RolloutStep? step) => Steps.Where(s => step is null || s.Percent > step.Value.Percent).Cast<RolloutStep?>().FirstOrDefault();

    public bool IsGate(RolloutStep step) => Gates.Contains(step.Percent);
}

/// <summary>How much the service answers in one step of a rollout.</summary>
/// <param name="Percent">Of the clients; 0 is the mode Shadow, 100 the mode Service.</param>
internal readonly record struct RolloutStep(int Percent)
{
    public static RolloutStep Shadow { get; } = new(0);

    public static RolloutStep All { get; } = new(100);

    /// <summary>Where an endpoint is; null at the monolith.</summary>
    public static RolloutStep? Of(RouteDefinition route) => route.Mode switch
    {
        Mode.Shadow => Shadow,
        Mode.Canary => new RolloutStep(route.Percent),
        Mode.Service => All,
        _ => null,
    };

    public override string ToString() => Percent == 0 ? "Shadow" : $"{Percent} %";
}
