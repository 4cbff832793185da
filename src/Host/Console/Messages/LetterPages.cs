using ModularShop.Host.Pages;
using ModularShop.Messaging;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Console;

/// <summary>One dead letter: looked at, handled again as it is or with other data, or discarded.</summary>
internal static class LetterPages
{
    public static void MapLetters(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("messages/{module}/letters/{id:guid}", (Visit visit, string module, Guid id) => ShowAsync(visit, module, id)).WithName("Console.DeadLetter").ForOperators();
        pages.MapGet("messages/{module}/letters/{id:guid}/retry", (Visit visit, string module, Guid id) => ReviewAsync(visit, module, id, letter => Retry(letter)))
            .WithName("Console.ReviewRetry").ForOperators();
        pages.MapPost("messages/{module}/letters/{id:guid}/retry", RetryAsync).WithName("Console.Retry").ForOperators();
        pages.MapGet("messages/{module}/letters/{id:guid}/discard", (Visit visit, string module, Guid id) => ReviewAsync(visit, module, id, letter => Discard(letter)))
            .WithName("Console.ReviewDiscard").ForOperators();
        pages.MapPost("messages/{module}/letters/{id:guid}/discard", DiscardAsync).WithName("Console.Discard").ForOperators();
        pages.MapGet("messages/{module}/letters/{id:guid}/edit", (Visit visit, string module, Guid id) => visit.Go(AddressOf(module, id))).WithName("Console.EditDeadLetterPage").ForOperators();
        pages.MapPost("messages/{module}/letters/{id:guid}/edit", EditAsync).WithName("Console.EditDeadLetter").ForOperators();
    }

    private static async Task<IResult> ShowAsync(Visit visit, string module, Guid id, EditRequest? typed = null, ApiProblem? problem = null)
    {
        var answer = await visit.Api.TryGetAsync<DeadLetterDetails>(ApiOf(module, id));
        if (answer.Status == StatusCodes.Status404NotFound)
        {
            // Somebody else has retried or discarded it: what is left is the list.
            return await MessagesPages.ShowLettersAsync(visit, module, new LettersWanted(), answer.Problem! with { Status = problem?.Status ?? StatusCodes.Status404NotFound });
        }

        var letter = answer.Needed();
        var traceId = letter.TraceParent?.Split('-') is [_, { Length: 32 } trace, ..] ? trace : null;
        var journey = traceId is null ? null : await JourneyModel.ReadAsync(visit.Api, traceId);
        return visit.Show<LetterPage, LetterModel>(new LetterModel(letter, traceId, journey?.Steps ?? [], typed, problem), problem?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> ReviewAsync(Visit visit, string module, Guid id, Func<DeadLetter, Review> review)
    {
        var answer = await visit.Api.TryGetAsync<DeadLetterDetails>(ApiOf(module, id));
        if (answer.Status == StatusCodes.Status404NotFound)
        {
            return await MessagesPages.ShowLettersAsync(visit, module, new LettersWanted(), answer.Problem);
        }

        var shown = review(answer.Needed().Letter);
        return visit.Show<ReviewPage, Review>(shown, shown.Problem?.Status ?? StatusCodes.Status200OK);
    }

    private static Review Retry(DeadLetter letter, bool force = false, ApiProblem? problem = null) => new(
        "Handle it again?", $"{AddressOf(letter.Module, letter.Id)}/retry", AddressOf(letter.Module, letter.Id), "Handle again",
        [$"{letter.Type} about {letter.Subject}, {letter.Attempts} attempts: {letter.Cause}", "It is handled again as if it had just arrived."],
        CliCommand.Of("messages retry", letter.Module, $"--id {letter.Id}"))
    {
        WantsReason = false, Problem = problem,
        Choice = new ReviewChoice("force", "--force", "Even if later messages about the same subject have been handled since: out of order", force),
    };

    private static Review Discard(DeadLetter letter, string? reason = null, ApiProblem? problem = null) => new(
        "Discard it?", $"{AddressOf(letter.Module, letter.Id)}/discard", AddressOf(letter.Module, letter.Id), "Discard",
        [$"{letter.Type} about {letter.Subject}, {letter.Attempts} attempts: {letter.Cause}", "It will never be handled. What it should have done, somebody has to do by hand."],
        CliCommand.Of("messages discard", letter.Module, $"--id {letter.Id}"))
    {
        IsGrave = true, Reason = reason, Problem = problem,
    };

    private static async Task<IResult> RetryAsync(Visit visit, string module, Guid id, IFormCollection sent)
    {
        var force = sent["force"] == "true";
        var answer = await visit.Api.PostAsync<object>($"{ApiOf(module, id)}/retry?force={(force ? "true" : "false")}");
        return answer.Refusal() is not { } problem ? visit.Go(ModuleMessages.AddressOf(module), $"{id} is handled again.")
            : await ReviewAsync(visit, module, id, letter => Retry(letter, force, problem));
    }

    private static async Task<IResult> DiscardAsync(Visit visit, string module, Guid id, IFormCollection sent)
    {
        var reason = sent["reason"].ToString();
        var answer = await visit.Api.PostAsync<object>($"{ApiOf(module, id)}/discard", new DiscardRequest(reason));
        return answer.Refusal() is not { } problem ? visit.Go(ModuleMessages.AddressOf(module), $"{id} is discarded.")
            : await ReviewAsync(visit, module, id, letter => Discard(letter, reason, problem));
    }

    /// <summary>The form shows what will be sent, so there is nothing to review; it asks for the reason itself.</summary>
    private static async Task<IResult> EditAsync(Visit visit, string module, Guid id, IFormCollection sent)
    {
        var edit = new EditRequest(sent["data"].ToString(), sent["reason"].ToString(), sent["force"] == "true");
        var answer = await visit.Api.PostAsync<object>($"{ApiOf(module, id)}/edit", edit);
        return answer.Refusal() is not { } problem ? visit.Go(ModuleMessages.AddressOf(module), $"{id} is handled again, with other data.")
            : await ShowAsync(visit, module, id, edit, problem);
    }

    private static string ApiOf(string module, Guid id) => $"/api/v1/messages/{ShopApi.Segment(module)}/dead-letters/{id}";

    private static string AddressOf(string module, Guid id) => $"{ModuleMessages.AddressOf(module)}/letters/{id}";
}
