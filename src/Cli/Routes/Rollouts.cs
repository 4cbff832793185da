using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using ModularShop.Cli.Terminal;

namespace ModularShop.Cli.Routes;

/// <summary><c>./shop routes rollout</c>: endpoints that go over to their service by themselves.</summary>
internal static class Rollouts
{
    public static Command Make() => new ShopCommand(
        "rollout", "Let an endpoint go over to its service step by step, and back by itself when the service does worse.",
        "./shop routes rollout start Catalog.GetProduct --reason \"the service is ready\"",
        "./shop routes rollout status Catalog.GetProduct")
    {
        MakeStart(),
        MakeStatus(),
        MakeWord("approve", "Let a rollout go on that waits for it."),
        MakeWord("pause", "Stop a rollout where it is."),
        MakeWord("resume", "Let a paused rollout go on."),
        MakeWord("abort", "End a rollout: the monolith answers again."),
    };

    private static ShopCommand MakeStart()
    {
        var (endpoint, reason) = (SetRoute.EndpointArgument(), ReasonOption.Make());
        var steps = new Option<string[]>("--steps") { Description = "Of the clients, in per cent; 'shadow' first compares the answers of the two.", HelpName = "shadow,5,25,100", CustomParser = r => Split(r.Tokens[0].Value) };
        var gates = new Option<string[]>("--gates") { Description = "Steps that are not begun before './shop routes rollout approve'.", HelpName = "25,100", CustomParser = r => Split(r.Tokens[0].Value) };
        var bake = TimeOption.Make("--bake", "How long each step is watched at least");
        var requests = new Option<int?>("--requests") { Description = "How many requests the service has to answer in each step at least.", HelpName = "number" };
        var errors = new Option<double?>("--max-error-difference") { Description = "By how much the share of failures may be larger at the service, 0 to 1.", HelpName = "share" };
        var p95 = new Option<double?>("--max-p95-ratio") { Description = "How many times the monolith's 95th percentile the service's may be.", HelpName = "ratio" };
        var mismatches = new Option<double?>("--max-mismatches") { Description = "The share of answers, 0 to 1, that may differ in the step Shadow.", HelpName = "share" };
        return new ShopCommand(
            "start", "Begin, or give a rollout that is under way another plan.",
            "./shop routes rollout start Catalog.GetProduct --steps shadow,5,25,100 --bake 10m --gates 100 --reason \"the service is ready\"")
        {
            endpoint, reason, steps, gates, bake, requests, errors, p95, mismatches,
        }.Does((parsed, shop, cancellationToken) =>
        {
            var plan = new JsonObject { ["State"] = "Running" };
            Put("Steps", Percentages(parsed.GetValue(steps)));
            Put("Gates", Percentages(parsed.GetValue(gates)));
            Put("BakeSeconds", parsed.GetValue(bake));
            Put("MinimumRequests", parsed.GetValue(requests));
            Put("MaxErrorRateDifference", parsed.GetValue(errors));
            Put("MaxP95Ratio", parsed.GetValue(p95));
            Put("MaxShadowMismatchRate", parsed.GetValue(mismatches));
            return AskAsync(shop, HttpMethod.Put, PathOf(parsed.GetRequiredValue(endpoint)), new { plan, reason = parsed.ReasonOf(reason) }, cancellationToken);

            void Put(string key, JsonNode? value)
            {
                if (value is not null)
                {
                    plan[key] = value;
                }
            }
        });
    }

    private static ShopCommand MakeStatus()
    {
        var endpoint = SetRoute.EndpointArgument();
        return new ShopCommand("status", "Where a rollout is, and what it waits for.", "./shop routes rollout status Catalog.GetProduct", "./shop routes rollout status Catalog.GetProduct --json")
        {
            endpoint,
        }.Does((parsed, shop, cancellationToken) => AskAsync(shop, HttpMethod.Get, PathOf(parsed.GetRequiredValue(endpoint)), null, cancellationToken));
    }

    private static ShopCommand MakeWord(string word, string description)
    {
        var (endpoint, reason) = (SetRoute.EndpointArgument(), ReasonOption.Make());
        return new ShopCommand(word, description, $"./shop routes rollout {word} Catalog.GetProduct --reason \"looked at the figures\"")
        {
            endpoint, reason,
        }.Does((parsed, shop, cancellationToken) =>
            AskAsync(shop, HttpMethod.Post, $"{PathOf(parsed.GetRequiredValue(endpoint))}/{word}", new { reason = parsed.ReasonOf(reason) }, cancellationToken));
    }

    private static string PathOf(string endpoint) => $"{ListRoutes.Path}/{Uri.EscapeDataString(endpoint)}/rollout";

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>What is no number is left to the shop, which says what it wants.</summary>
    private static JsonArray? Percentages(string[]? steps) => steps is null ? null
        : [.. steps.Select(s => int.TryParse(s.TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var percent) ? (JsonNode)percent : s)];

    private static Task AskAsync(Shop shop, HttpMethod method, string path, object? body, CancellationToken cancellationToken) =>
        shop.AskAsync<Rollout>(method, path, body, rollout => Show(rollout, shop.Output), cancellationToken);

    private static void Show(Rollout rollout, Output output)
    {
        output.Line($"{rollout.Endpoint}: {rollout.State} at {rollout.Step}{(rollout.Next is { } next ? $", then {next}" : "")} (steps: {string.Join(", ", rollout.Steps)})");
        var action = rollout.Action switch
        {
            "Wait" => "It waits:",
            "AskFirst" => "It waits for './shop routes rollout approve':",
            "GoOn" => "It is about to go on:",
            "GoBack" => "It is about to go back:",
            _ => "Because:",
        };
        if (rollout.Because is { } because)
        {
            output.Line(action);
            foreach (var clause in because.Split("; "))
            {
                output.Line($"  {clause}");
            }
        }

        if (rollout is { Service: { } service, Monolith: { } monolith })
        {
            output.Line();
            output.Table(
                ["In this step", "Requests", "Failed", "p95 ms"],
                new[] { ("service", service), ("monolith", monolith) }.Select(side => new[]
                {
                    side.Item1, Invariant($"{side.Item2.Requests}"), Invariant($"{side.Item2.Failed}"), Invariant($"{side.Item2.P95Milliseconds:0.0}"),
                }));
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Rollout(
        string Endpoint, string State, string Step, IReadOnlyList<string> Steps, string? Next, string? Action, string? Because, Side? Service, Side? Monolith);

    private sealed record Side(long Requests, long Failed, double P95Milliseconds);
}
