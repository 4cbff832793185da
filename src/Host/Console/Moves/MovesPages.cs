using System.Globalization;
using ModularShop.Host.Pages;
using ModularShop.Modularity.Security;
using ModularShop.MoveTables;

namespace ModularShop.Host.Console;

/// <summary>Moving a module's tables: what there is to see, and every step with its dry run first.</summary>
internal static class MovesPages
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    public static void MapMoves(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("moves", async (Visit visit) => visit.Show<MovesPage, MovesModel>(await MovesModel.ReadAsync(visit.Api))).WithName("Console.Moves").ForOperators();
        pages.MapGet("moves/live", (Visit visit, LiveParts live) => live.StreamAsync<MovesPart, MovesModel>(visit, async () => await MovesModel.ReadAsync(visit.Api), Pace))
            .WithName("Console.MovesLive").ForOperators();
        pages.MapGet("moves/{module}", (Visit visit, Seen<MoveSample> seen, string module) => ShowAsync(visit, seen, module, problem: null)).WithName("Console.Move").ForOperators();
        pages.MapGet("moves/{module}/live", (Visit visit, LiveParts live, Seen<MoveSample> seen, string module) =>
            live.StreamAsync<MovePart, MoveModel>(visit, async () => await MoveModel.ReadAsync(visit.Api, seen, module), Pace)).WithName("Console.MoveLive").ForOperators();
        pages.MapGet("moves/{module}/create", PlanAsync).WithName("Console.ReviewMove").ForOperators();
        pages.MapPost("moves/{module}/create", CreateAsync).WithName("Console.CreateMove").ForOperators();
        pages.MapGet("moves/{module}/commands/{word}", ReviewAsync).WithName("Console.ReviewMoveCommand").ForOperators();
        pages.MapPost("moves/{module}/commands/{word}", CommandAsync).WithName("Console.CommandMove").ForOperators();
        pages.MapGet("moves/{module}/pace/{word}", (Visit visit, string module, string word, string? rows) => ShowPaceAsync(visit, module, word, rows?.Trim())).WithName("Console.ReviewMovePace").ForOperators();
        pages.MapPost("moves/{module}/pace/{word}", PaceAsync).WithName("Console.PaceMove").ForOperators();
    }

    /// <summary>The move as it is now, and why what was asked for was refused.</summary>
    private static async Task<IResult> ShowAsync(Visit visit, Seen<MoveSample> seen, string module, ApiProblem? problem) => visit.Show<MovePage, MoveModel>(
        await MoveModel.ReadAsync(visit.Api, seen, module) with { Problem = problem }, problem?.Status ?? StatusCodes.Status200OK);

    private static async Task<IResult> PlanAsync(Visit visit, Seen<MoveSample> seen, string module)
    {
        var answer = await visit.Api.GetAsync<MovePlan>($"{ApiOf(module)}/plan");
        if (answer.Refusal() is { } problem)
        {
            return await ShowAsync(visit, seen, module, problem);
        }

        var (plan, name) = (answer.Needed(), module.ToLowerInvariant());
        var isPossible = plan.Checks.All(c => c.Problem is null);
        return visit.Show<ReviewPage, Review>(new Review(
            $"Move {plan.Module}’s tables?", $"{MoveModel.AddressOf(module)}/create", MoveModel.AddressOf(module), "Begin the move",
            [
                isPossible ? $"To {plan.Target}. Everything that could be in the way was asked, and nothing is; nothing has been done yet." : $"To {plan.Target}. Something is in the way; nothing has been done. Mend it, and look again.",
                "Rows are copied while the shop runs. Who answers and who writes stays as it is until you switch it, and the move can be cancelled until writes are switched.",
            ],
            CliCommand.Of("move create", name))
        {
            WantsReason = false, IsPossible = isPossible,
            Lists =
            [
                new ReviewList("Checks", ReviewListKind.Checks, [.. plan.Checks.Select(c => new ReviewItem(c.What, c.Problem))]),
                new ReviewList("Statements that it executes", ReviewListKind.Statements, [.. plan.Statements.Select(s => new ReviewItem(s))]),
            ],
        });
    }

    private static async Task<IResult> CreateAsync(Visit visit, Seen<MoveSample> seen, string module, IFormCollection sent)
    {
        var answer = await visit.Api.PostAsync<MoveView>(ApiOf(module));
        return answer.Refusal() is not { } problem ? visit.Go(MoveModel.AddressOf(module), $"The move of {answer.Needed().Module} has begun.")
            : await ShowAsync(visit, seen, module, problem);
    }

    private static async Task<IResult> ReviewAsync(Visit visit, Seen<MoveSample> seen, string module, string word)
    {
        if (MoveAction.Find(word) is not { } action)
        {
            return TypedResults.NotFound();
        }

        var answer = await visit.Api.PostAsync<CommandOutcome>($"{ApiOf(module)}/commands", new GiveCommand(word, DryRun: true));
        if (answer.Refusal() is { } problem)
        {
            return await ShowAsync(visit, seen, module, problem);
        }

        var outcome = answer.Needed();
        return visit.Show<ReviewPage, Review>(new Review(
            $"{action.Label}: {outcome.Move.Module}", $"{MoveModel.AddressOf(module)}/commands/{word}", MoveModel.AddressOf(module), action.Label, [action.What, $"Dry run: {outcome.Text}"],
            CliCommand.Of("move", action.Cli.Split(' ')[0], module.ToLowerInvariant(), action.Cli.Contains(' ', StringComparison.Ordinal) ? action.Cli.Split(' ')[1] : null))
        {
            WantsReason = false, IsGrave = action.IsGrave, IsPossible = outcome.Done,
            Choice = word == "complete" ? new ReviewChoice("drop", "--drop-now", "Drop the host’s old tables at once; else they are kept for a while") : null,
        });
    }

    private static async Task<IResult> CommandAsync(Visit visit, Seen<MoveSample> seen, string module, string word, IFormCollection sent)
    {
        if (MoveAction.Find(word) is null)
        {
            return TypedResults.NotFound();
        }

        try
        {
            var answer = await visit.Api.PostAsync<CommandOutcome>($"{ApiOf(module)}/commands", new GiveCommand(word, DropNow: sent["drop"] == "true"));
            return answer.Problem is not { } problem ? visit.Go(MoveModel.AddressOf(module), answer.Needed().Text)
                : problem.Status >= 500 && problem.Code != "moves.no_coordinator" ? throw new ApiRefusedException(problem)
                : await ShowAsync(visit, seen, module, problem);
        }
        catch (TimeoutException)
        {
            // Where it was asked for, it stays so.
            return visit.Go(MoveModel.AddressOf(module), "There was no answer in time. It may have been asked for: this page shows what becomes of it.");
        }
    }

    private static async Task<IResult> ShowPaceAsync(Visit visit, string module, string word, string? rows)
    {
        // Under its own name, whatever the address says: the command is there to be copied.
        module = (await visit.Api.OwnerAsync(module)).Module;
        (string Title, string What, string Button)? said = word switch
        {
            "pause" => ($"Pause the move of {module}?", "Rows are not copied and changes not carried over, but still recorded: the log grows until you resume.", "Pause"),
            "resume" => ($"Resume the move of {module}?", "Rows are copied and changes carried over again.", "Resume"),
            "throttle" => ($"How fast may {module} be copied?", string.IsNullOrEmpty(rows) ? "Rows are copied and compared as fast as they can be." : $"At most {rows} rows are copied, or compared, in a second.", "Set the limit"),
            _ => null,
        };
        return said is not var (title, what, button) ? TypedResults.NotFound() : visit.Show<ReviewPage, Review>(
            new Review(title, $"{MoveModel.AddressOf(module)}/pace/{word}", MoveModel.AddressOf(module), button, [what], CliCommand.Of("move", word, module.ToLowerInvariant(), word == "throttle" ? CliCommand.Option("rows-per-second", rows) : null))
            {
                WantsReason = false, Fields = [("rows", rows ?? "")],
            });
    }

    private static async Task<IResult> PaceAsync(Visit visit, Seen<MoveSample> seen, string module, string word, IFormCollection sent)
    {
        long? rows = null;
        if (word == "throttle" && sent["rows"].ToString().Trim() is { Length: > 0 } text)
        {
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed))
            {
                return await ShowAsync(visit, seen, module, new ApiProblem(StatusCodes.Status400BadRequest, "request.invalid", $"'{text}' is no number of rows. Nothing was changed."));
            }

            rows = parsed;
        }

        ApiAnswer<MoveView>? answer = word switch
        {
            "pause" or "resume" => await visit.Api.PostAsync<MoveView>($"{ApiOf(module)}/{word}"),
            "throttle" => await visit.Api.PutAsync<MoveView>($"{ApiOf(module)}/throttle", new ThrottleMove(rows)),
            _ => null,
        };
        return answer is null ? TypedResults.NotFound()
            : answer.Refusal() is not { } problem ? visit.Go(MoveModel.AddressOf(module), word switch { "pause" => "Paused.", "resume" => "Resumed.", _ => "The limit is set." })
            : await ShowAsync(visit, seen, module, problem);
    }

    private static string ApiOf(string module) => $"/api/v1/moves/{ShopApi.Segment(module)}";
}
