using ModularShop.Host.Pages;
using ModularShop.Messaging;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Console;

/// <summary>Messages on their way, and those that modules gave up on.</summary>
internal static class MessagesPages
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    public static void MapMessages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("messages", async (Visit visit) => visit.Show<MessagesPage, MessagesModel>(await MessagesModel.ReadAsync(visit.Api))).WithName("Console.Messages").ForOperators();
        pages.MapGet("messages/live", (Visit visit, LiveParts live) => live.StreamAsync<MessagesPart, MessagesModel>(visit, async () => await MessagesModel.ReadAsync(visit.Api), Pace))
            .WithName("Console.MessagesLive").ForOperators();
        pages.MapGet("messages/journeys", FindJourneyAsync).WithName("Console.FindJourney").ForOperators();
        pages.MapGet("messages/journeys/{traceId}", async (Visit visit, string traceId) => visit.Show<JourneyPage, JourneyModel>(await JourneyModel.ReadAsync(visit.Api, traceId)))
            .WithName("Console.Journey").ForOperators();
        pages.MapGet("messages/{module}", (Visit visit, string module, string? cause, string? type, string? after) => ShowLettersAsync(visit, module, new LettersWanted(cause, type, after)))
            .WithName("Console.DeadLetters").ForOperators();
        pages.MapGet("messages/{module}/live", (Visit visit, LiveParts live, string module, string? cause, string? type, string? after) =>
            live.StreamAsync<LettersPart, LettersModel>(visit, async () => await LettersModel.ReadAsync(visit.Api, module, new LettersWanted(cause, type, after)), Pace))
            .WithName("Console.DeadLettersLive").ForOperators();
        pages.MapGet("messages/{module}/retry", async (Visit visit, string module, string? cause, string? type) =>
            visit.Show<ReviewPage, Review>(RetryAll((await visit.Api.OwnerAsync(module)).Module, cause ?? "", type ?? "")))
            .WithName("Console.ReviewRetryAll").ForOperators();
        pages.MapPost("messages/{module}/retry", RetryAllAsync).WithName("Console.RetryAll").ForOperators();
        pages.MapLetters();
    }

    public static async Task<IResult> ShowLettersAsync(Visit visit, string module, LettersWanted wanted, ApiProblem? outcome = null) =>
        visit.Show<LettersPage, LettersModel>(await LettersModel.ReadAsync(visit.Api, module, wanted, outcome), outcome?.Status ?? StatusCodes.Status200OK);

    /// <summary>What is no id stays on the page that asks for one: not everything that can be typed can be part of an address.</summary>
    private static async Task<IResult> FindJourneyAsync(Visit visit, string? trace)
    {
        var typed = trace?.Trim().ToLowerInvariant() ?? "";
        return typed.Length == 32 && typed.All(char.IsAsciiHexDigitLower) ? visit.Go($"/console/messages/journeys/{typed}")
            : visit.Show<MessagesPage, MessagesModel>(await MessagesModel.ReadAsync(visit.Api, typed), StatusCodes.Status400BadRequest);
    }

    /// <param name="module">Its own name, whatever the address says: the command is there to be copied.</param>
    private static Review RetryAll(string module, string cause, string type, bool force = false, ApiProblem? problem = null) => new(
        $"Handle all of these again? {module}", $"{ModuleMessages.AddressOf(module)}/retry", ModuleMessages.AddressOf(module), "Handle again",
        [
            $"Cause: {cause}", $"Type: {type}",
            "Each is handled again as if it had just arrived. What later messages of its subject have passed is left, unless you say otherwise.",
        ],
        CliCommand.Of("messages retry", module, CliCommand.Option("cause", cause), CliCommand.Option("type", type)))
    {
        WantsReason = false, Fields = [("cause", cause), ("type", type)], Problem = problem,
        Choice = new ReviewChoice("force", "--force", "Also what later messages of its subject have passed: it is handled out of order", force),
    };

    private static async Task<IResult> RetryAllAsync(Visit visit, string module, IFormCollection sent)
    {
        module = (await visit.Api.OwnerAsync(module)).Module;
        var (cause, type, force) = (sent["cause"].ToString(), sent["type"].ToString(), sent["force"] == "true");
        var answer = await visit.Api.PostAsync<RetryOutcome>(
            $"/api/v1/messages/{ShopApi.Segment(module)}/dead-letters/retry", new RetryRequest(cause.Length > 0 ? cause : null, type.Length > 0 ? type : null, force));
        return answer.Refusal() is not { } problem
            ? visit.Go(ModuleMessages.AddressOf(module), $"{answer.Needed().Retried} handled again; {answer.Needed().PassedByLater} left, as later messages have passed them.")
            : visit.Show<ReviewPage, Review>(RetryAll(module, cause, type, force, problem), problem.Status);
    }
}
