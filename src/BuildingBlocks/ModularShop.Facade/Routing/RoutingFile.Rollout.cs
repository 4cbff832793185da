using System.Text.Json;

namespace ModularShop.Facade;

/// <remarks>How an endpoint goes over by itself.</remarks>
internal sealed partial class RoutingFile
{
    private const int LongestReason = 1000;

    private RolloutPlan Rollout(string key, JsonElement value)
    {
        var plan = RolloutPlan.Default;
        foreach (var property in Properties(
            value, key, "Steps", "BakeSeconds", "MinimumRequests", "MaxErrorRateDifference", "MaxP95Ratio", "P95ToleranceMilliseconds", "MaxShadowMismatchRate", "Gates", "State", "Because"))
        {
            var (propertyKey, setting) = ($"{key}:{property.Name}", property.Value);
            plan = property.Name switch
            {
                "Steps" => plan with { Steps = Steps(propertyKey, setting) },
                "BakeSeconds" => plan with { Bake = TimeSpan.FromSeconds(Number(propertyKey, setting, 1, 30 * 24 * 3600, wholeOnly: false)) },
                "MinimumRequests" => plan with { MinimumRequests = (int)Number(propertyKey, setting, 1, 10_000_000, wholeOnly: true) },
                "MaxErrorRateDifference" => plan with { MaxErrorRateDifference = Number(propertyKey, setting, 0, 1, wholeOnly: false) },
                "MaxP95Ratio" => plan with { MaxP95Ratio = Number(propertyKey, setting, 0.1, 1000, wholeOnly: false) },
                "P95ToleranceMilliseconds" => plan with { P95Tolerance = TimeSpan.FromMilliseconds(Number(propertyKey, setting, 0, 60_000, wholeOnly: false)) },
                "MaxShadowMismatchRate" => plan with { MaxShadowMismatchRate = Number(propertyKey, setting, 0, 1, wholeOnly: false) },
                "Gates" => plan with { Gates = [.. Percentages(propertyKey, setting, "[ 50, 100 ]")] },
                "State" => plan with { State = StateOf(propertyKey, setting) },
                _ => plan with { Because = Text(propertyKey, setting) is { Length: <= LongestReason } text ? text : null },
            };
        }

        foreach (var gate in plan.Gates.Where(g => !plan.Steps.Contains(new RolloutStep(g))))
        {
            Error($"{key}:Gates", $"{gate} is none of the steps {string.Join(", ", plan.Steps)}.");
        }

        return plan;
    }

    private List<RolloutStep> Steps(string key, JsonElement value)
    {
        List<RolloutStep> steps = [.. Percentages(key, value, "[ \"Shadow\", 5, 50, 100 ]").Select(p => new RolloutStep(p))];
        Check(steps.Count > 0 || value.ValueKind is not JsonValueKind.Array || _errors.Exists(e => e.Key.StartsWith(key, StringComparison.Ordinal)), key, "At least one step is needed, as in [ \"Shadow\", 5, 50, 100 ].");
        Check(steps.Zip(steps.Skip(1)).All(pair => pair.First.Percent < pair.Second.Percent), key, "Each step must ask the service for more than the one before; Shadow is less than 1 per cent.");
        return steps;
    }

    private List<int> Percentages(string key, JsonElement value, string example)
    {
        var percentages = new List<int>();
        if (value.ValueKind is not JsonValueKind.Array)
        {
            Error(key, $"A list of percentages is wanted, as in {example}.");
            return percentages;
        }

        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            percentages.Add(item.ValueKind is JsonValueKind.String && string.Equals(item.GetString(), nameof(Mode.Shadow), StringComparison.OrdinalIgnoreCase)
                ? RolloutStep.Shadow.Percent
                : (int)Number($"{key}:{index}", item, 1, 100, wholeOnly: true));
        }

        return percentages;
    }

    private RolloutState StateOf(string key, JsonElement value)
    {
        var names = Enum.GetNames<RolloutState>();
        var known = Array.Find(names, n => string.Equals(n, Text(key, value), StringComparison.OrdinalIgnoreCase));
        Check(known is not null, key, $"A rollout is {string.Join(", ", names)}, not {value.GetRawText()}.");
        return known is null ? RolloutState.Paused : Enum.Parse<RolloutState>(known);
    }
}
