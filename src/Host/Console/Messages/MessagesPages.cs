using ModularShop.Host.Pages;
using ModularShop.Messaging;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Console;

/// <summary>Messages on their way, and those that modules gave up on.</summary>
internal static class MessagesPages
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    public static void MapMessages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("messages", async (Visit visit) => visit.Show<MessagesPage, MessagesModel>(await MessagesModel.ReadAsync(visit.Api))).WithName("Console.Messages").ForOperators();
        pages.MapGet("messages/live", (Visit visit, LiveParts live) => live.Stream<MessagesPart, MessagesModel>(visit, async () => await MessagesModel.ReadAsync(visit.Api), Pace))
            .WithName("Console.MessagesLive").ForOperators();
        pages.MapGet("messages/journeys", (Visit visit, string? trace) => visit.Go($"/console/messages/journeys/{ShopApi.Segment(trace?.Trim() is { Length: > 0 } id ? id : "none")}"))
            .WithName("Console.FindJourney").ForOperators();
        pages.MapGet("messages/journeys/{traceId}", async (Visit visit, string traceId) => visit.Show<JourneyPage, JourneyModel>(await JourneyModel.ReadAsync(visit.Api, traceId)))
            .WithName("Console.Journey").ForOperators();
        pages.MapGet("messages/{module}", (Visit visit, string module, string? after) => ShowLettersAsync(visit, module, after)).WithName("Console.DeadLetters").ForOperators();
        pages.MapGet("messages/{module}/retry", async (Visit visit, string module, string? cause, string? type) =>
            visit.Show<ReviewPage, Review>(RetryAll(await MessagesModel.NameOf(visit.Api, module), cause ?? "", type ?? "", problem: null)))
            .WithName("Console.ReviewRetryAll").ForOperators();
        pages.MapPost("messages/{module}/retry", RetryAllAsync).WithName("Console.RetryAll").ForOperators();
        pages.MapLetters();
    }

    public static async Task<IResult> ShowLettersAsync(Visit visit, string module, string? after, ApiProblem? outcome = null) =>
        visit.Show<LettersPage, LettersModel>(await LettersModel.ReadAsync(visit.Api, module, after, outcome), outcome?.Status ?? StatusCodes.Status200OK);

    /// <param name="module">Its own name, whatever the address says: the command is there to be copied.</param>
    private static Review RetryAll(string module, string cause, string type, ApiProblem? problem) => new(
        $"Handle all of these again? {module}", $"{ModuleMessages.AddressOf(module)}/retry", ModuleMessages.AddressOf(module), "Handle again",
        [
            $"Cause: {cause}", $"Type: {type}",
            "Each is handled again as if it had just arrived. What later messages of its subject have passed is left, unless you say otherwise.",
        ],
        CliCommand.Of("messages retry", module, CliCommand.Option("cause", cause), CliCommand.Option("type", type)))
    {
        WantsReason = false, Fields = [("cause", cause), ("type", type)], Problem = problem,
        Choice = new ReviewChoice("force", "Also what later messages of its subject have passed: it is handled out of order (--force)", IsTicked: false),
    };

    private static async Task<IResult> RetryAllAsync(Visit visit, string module, IFormCollection sent)
    {
        module = await MessagesModel.NameOf(visit.Api, module);
        var (cause, type) = (sent["cause"].ToString(), sent["type"].ToString());
        var answer = await visit.Api.PostAsync<RetryOutcome>(
            $"/api/v1/messages/{ShopApi.Segment(module)}/dead-letters/retry", new RetryRequest(cause.Length > 0 ? cause : null, type.Length > 0 ? type : null, sent["force"] == "true"));
        return answer.Refusal() is not { } problem
            ? visit.Go(ModuleMessages.AddressOf(module), $"{answer.Needed().Retried} handled again; {answer.Needed().PassedByLater} left, as later messages have passed them.")
            : visit.Show<ReviewPage, Review>(RetryAll(module, cause, type, problem), problem.Status);
    }
}
