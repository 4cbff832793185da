using System.Globalization;
using System.Text.Json.Nodes;
using ModularShop.Facade;
using ModularShop.Host.Pages;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Console;

/// <summary>Starting a rollout, and having a word in one.</summary>
internal static class RolloutPages
{
    public static void MapRolloutPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("routes/{endpoint}/rollout", ReviewAsync).WithName("Console.ReviewRollout").ForOperators();
        pages.MapPost("routes/{endpoint}/rollout", StartAsync).WithName("Console.StartRollout").ForOperators();
        pages.MapGet("routes/{endpoint}/rollout/{word}", (Visit visit, string endpoint, string word, long? revision) => ShowWordAsync(visit, endpoint, word, revision, reason: null, problem: null))
            .WithName("Console.ReviewRolloutWord").ForOperators();
        pages.MapPost("routes/{endpoint}/rollout/{word}", SayAsync).WithName("Console.TellRollout").ForOperators();
    }

    private static async Task<IResult> ReviewAsync(Visit visit, string endpoint, long? revision)
    {
        var (form, model) = (RolloutForm.Of(name => visit.Http.Request.Query[name]), await EndpointModel.ReadAsync(visit, endpoint));
        return revision is { } seen && seen != model.Revision ? RoutesPages.Show(visit, model, typed: null, RouteChangePages.Changed(seen, model.Revision), form)
            : ShowPlan(visit, model, form, model.Revision, reason: null, problem: null);
    }

    private static async Task<IResult> StartAsync(Visit visit, string endpoint, IFormCollection sent)
    {
        var (form, reason, revision) = (RolloutForm.Of(name => sent[name].ToString()), sent["reason"].ToString(), RouteChangePages.RevisionOf(sent));
        var answer = await visit.Api.PutAsync<RolloutView>(
            $"/api/v1/routes/{ShopApi.Segment(endpoint)}/rollout", new RolloutRequest(form.ToPlan(), reason, revision));
        return answer.Refusal() is not { } problem ? visit.Go($"/console/routes/{ShopApi.Segment(endpoint)}#rollout", "The rollout has begun.")
            : await EndpointModel.ReadAsync(visit, endpoint) is var model && problem.Status == StatusCodes.Status409Conflict ? RoutesPages.Show(visit, model, typed: null, problem, form)
            : ShowPlan(visit, model, form, revision ?? model.Revision, reason, problem);
    }

    /// <param name="revision">What was looked at: on another one nothing is begun.</param>
    private static IResult ShowPlan(Visit visit, EndpointModel endpoint, RolloutForm form, long revision, string? reason, ApiProblem? problem) => visit.Show<ReviewPage, Review>(
        new Review(
            $"Let {endpoint.Route.Name} go over to its service?", $"{endpoint.Address}/rollout", endpoint.Address, "Begin",
            [
                $"Steps: {string.Join(", ", form.Steps.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))}. Each is watched for {Or(form.Bake, " s", "the usual time")} and {Or(form.Requests, " requests", "the usual number of requests")} at least, and the endpoint goes back to the monolith by itself when a limit is broken.",
                form.Gates.Length > 0 ? $"Somebody has to approve before: {form.Gates}." : "Nobody has to approve a step.",
            ],
            CliCommand.Of(
                "routes rollout start", endpoint.Route.Name, CliCommand.Option("steps", form.Steps.Replace(" ", "", StringComparison.Ordinal)), CliCommand.Option("bake", form.Bake.Length == 0 ? null : form.Bake + "s"),
                CliCommand.Option("gates", form.Gates.Replace(" ", "", StringComparison.Ordinal)), CliCommand.Option("requests", form.Requests), CliCommand.Option("max-error-difference", form.Errors),
                CliCommand.Option("max-p95-ratio", form.P95), CliCommand.Option("max-mismatches", form.Mismatches)))
        {
            Fields =
            [
                ("steps", form.Steps), ("bake", form.Bake), ("gates", form.Gates), ("requests", form.Requests), ("errors", form.Errors), ("p95", form.P95), ("mismatches", form.Mismatches),
                ("revision", revision.ToString(CultureInfo.InvariantCulture)),
            ],
            Reason = reason, Problem = problem,
        },
        problem?.Status ?? StatusCodes.Status200OK);

    /// <summary>What is left out is as a plan in the routing file has it.</summary>
    private static string Or(string typed, string unit, string usual) => typed.Length == 0 ? usual : typed + unit;

    private static async Task<IResult> ShowWordAsync(Visit visit, string endpoint, string word, long? revision, string? reason, ApiProblem? problem)
    {
        var model = await EndpointModel.ReadAsync(visit, endpoint);
        if (model.Rollout is not { } rollout || !RolloutWords.Of(rollout).Contains(word, StringComparer.Ordinal))
        {
            return await RoutesPages.ShowAsync(visit, endpoint, typed: null, problem ?? new ApiProblem(
                StatusCodes.Status409Conflict, "routes.not_now", model.Rollout is { } now ? $"'{word}' is not possible any more: the rollout is {now.State} at {now.Step}." : $"{model.Route.Name} has no rollout."));
        }

        return visit.Show<ReviewPage, Review>(
            new Review(
                $"{char.ToUpperInvariant(word[0])}{word[1..]} the rollout of {model.Route.Name}?", $"{model.Address}/rollout/{word}", model.Address, char.ToUpperInvariant(word[0]) + word[1..],
                [
                    $"It is {rollout.State} at {rollout.Step}.",
                    word switch
                    {
                        "approve" => $"It goes on to {rollout.Next}.",
                        "pause" => "It stays where it is until somebody resumes it; its limits are not watched meanwhile.",
                        "resume" => $"It goes on from {rollout.Step}.",
                        _ => "The monolith answers again, and the rollout is over.",
                    },
                ],
                CliCommand.Of($"routes rollout {word}", model.Route.Name))
            {
                Fields = [("revision", (problem is null ? revision ?? model.Revision : model.Revision).ToString(CultureInfo.InvariantCulture))], Reason = reason, Problem = problem, IsGrave = word == "abort",
            },
            problem?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> SayAsync(Visit visit, string endpoint, string word, IFormCollection sent)
    {
        var reason = sent["reason"].ToString();
        if (!RolloutWords.All.Contains(word, StringComparer.Ordinal))
        {
            return TypedResults.NotFound();
        }

        var answer = await visit.Api.PostAsync<RolloutView>($"/api/v1/routes/{ShopApi.Segment(endpoint)}/rollout/{word}", new RolloutCommand(reason, RouteChangePages.RevisionOf(sent)));
        return answer.Refusal() is not { } problem ? visit.Go($"/console/routes/{ShopApi.Segment(endpoint)}#rollout", $"The rollout is {answer.Needed().State} at {answer.Needed().Step}.")
            : await ShowWordAsync(visit, endpoint, word, revision: null, reason, problem);
    }
}

/// <summary>What can be said to a rollout.</summary>
internal static class RolloutWords
{
    public static readonly string[] All = ["approve", "pause", "resume", "abort"];

    /// <summary>Now.</summary>
    public static IEnumerable<string> Of(RolloutView rollout) => All.Where(word => word switch
    {
        "approve" => rollout.Action == "AskFirst",
        "pause" => rollout.State == "Running",
        "resume" => rollout.State == "Paused",
        _ => rollout.State != "RolledBack",
    });
}

/// <summary>A plan as it was typed.</summary>
public sealed record RolloutForm(string Steps, string Bake, string Gates, string Requests, string Errors, string P95, string Mismatches)
{
    /// <summary>Before anything is typed.</summary>
    public static RolloutForm Proposed { get; } = new("shadow,5,25,100", "600", "100", "200", "0.01", "1.5", "0");

    public static RolloutForm Of(Func<string, string?> field) => new(
        field("steps")?.Trim() ?? "", field("bake")?.Trim() ?? "", field("gates")?.Trim() ?? "", field("requests")?.Trim() ?? "", field("errors")?.Trim() ?? "", field("p95")?.Trim() ?? "",
        field("mismatches")?.Trim() ?? "");

    /// <summary>What is no number is left to the API, which says what it wants.</summary>
    public JsonObject ToPlan()
    {
        var plan = new JsonObject { ["State"] = "Running" };
        Put("Steps", List(Steps));
        Put("Gates", List(Gates));
        Put("BakeSeconds", Value(Bake));
        Put("MinimumRequests", Value(Requests));
        Put("MaxErrorRateDifference", Value(Errors));
        Put("MaxP95Ratio", Value(P95));
        Put("MaxShadowMismatchRate", Value(Mismatches));
        return plan;

        void Put(string key, JsonNode? value)
        {
            if (value is not null)
            {
                plan[key] = value;
            }
        }
    }

    private static JsonArray? List(string text) => text.Length == 0 ? null
        : [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(s => Value(s.TrimEnd('%', ' ')))];

    private static JsonNode? Value(string text) => text.Length == 0 ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? whole
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
        : text;
}
