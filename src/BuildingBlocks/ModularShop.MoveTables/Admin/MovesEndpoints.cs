using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Pipeline;
using ModularShop.Modularity.Security;

namespace ModularShop.MoveTables;

/// <summary>The operator's API to moves.</summary>
internal static class MovesEndpoints
{
    private static readonly Dictionary<string, MoveCommandKind> Commands = new(StringComparer.OrdinalIgnoreCase)
    {
        ["vdiff"] = MoveCommandKind.VDiff, ["switch-reads"] = MoveCommandKind.SwitchReads, ["switch-writes"] = MoveCommandKind.SwitchWrites, ["reverse"] = MoveCommandKind.Reverse,
        ["complete"] = MoveCommandKind.Complete, ["cancel"] = MoveCommandKind.Cancel,
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/moves").WithTags("Moves").ForOperators();
        group.MapGet("", ListAsync).WithName("Moves.List").WithSummary("The last move of each module");
        group.MapGet("{module}", ShowAsync).WithName("Moves.Show").WithSummary("How far a module's move has come, what it waits for and what can be done next")
            .Fails(MovesError.UnknownModule, MovesError.Departed, MovesError.NoTarget, MovesError.CheckFailed, MovesError.NoMove);
        group.MapGet("{module}/history", HistoryAsync).WithName("Moves.History").WithSummary("Every change of a move's state, with its evidence")
            .Fails(MovesError.UnknownModule, MovesError.Departed, MovesError.NoTarget, MovesError.CheckFailed, MovesError.NoMove);
        group.MapGet("{module}/plan", PlanAsync).WithName("Moves.Plan").WithSummary("What a move would need and execute; nothing is done")
            .Fails(MovesError.UnknownModule, MovesError.Departed, MovesError.NoTarget);
        group.MapPost("{module}", CreateAsync).WithName("Moves.Create").WithSummary("Begin to move a module's tables to its service's database")
            .Fails(MovesError.UnknownModule, MovesError.Departed, MovesError.NoTarget, MovesError.CheckFailed, MovesError.AlreadyMoving);
        group.MapPost("{module}/commands", CommandAsync).WithName("Moves.Command").WithSummary("Compare, switch, reverse, complete or cancel")
            .Fails(MovesError.UnknownModule, MovesError.Departed, MovesError.NoTarget, MovesError.CheckFailed, MovesError.NoMove, MovesError.NotNow, MovesError.OneAtATime, MovesError.NoCoordinator, RequestError.Invalid);
        group.MapPost("{module}/pause", PauseAsync).WithName("Moves.Pause").WithSummary("Stop copying and carrying over; changes are still recorded")
            .Fails(MovesError.UnknownModule, MovesError.Departed, MovesError.NoTarget, MovesError.CheckFailed, MovesError.NoMove, MovesError.NotNow);
        group.MapPost("{module}/resume", ResumeAsync).WithName("Moves.Resume").WithSummary("Go on after a pause")
            .Fails(MovesError.UnknownModule, MovesError.Departed, MovesError.NoTarget, MovesError.CheckFailed, MovesError.NoMove, MovesError.NotNow);
        group.MapPut("{module}/throttle", ThrottleAsync).WithName("Moves.Throttle").WithSummary("Limit how many rows are copied in a second")
            .Fails(MovesError.UnknownModule, MovesError.Departed, MovesError.NoTarget, MovesError.CheckFailed, MovesError.NoMove, MovesError.NotNow, RequestError.Invalid);
    }

    private static async Task<Ok<MoveList>> ListAsync(Moves moves, CancellationToken cancellationToken) => TypedResults.Ok(await moves.ListAsync(cancellationToken));

    private static async Task<Results<Ok<MoveView>, Failure>> ShowAsync(string module, Moves moves, CancellationToken cancellationToken) =>
        (await moves.ShowAsync(module, cancellationToken)).ToHttp(TypedResults.Ok);

    private static async Task<Results<Ok<MoveEvent[]>, Failure>> HistoryAsync(string module, Moves moves, CancellationToken cancellationToken) =>
        (await moves.HistoryAsync(module, cancellationToken)).ToHttp(TypedResults.Ok);

    private static async Task<Results<Ok<MovePlan>, Failure>> PlanAsync(string module, Moves moves, CancellationToken cancellationToken) =>
        (await moves.PlanAsync(module, cancellationToken)).ToHttp(TypedResults.Ok);

    private static async Task<Results<Ok<MoveView>, Failure>> CreateAsync(string module, Moves moves, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        (await moves.CreateAsync(module, user.Who(), cancellationToken)).ToHttp(TypedResults.Ok);

    private static async Task<Results<Ok<CommandOutcome>, Failure>> CommandAsync(
        string module, GiveCommand command, Moves moves, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        Commands.TryGetValue(command.Command, out var kind)
            ? (await moves.CommandAsync(module, kind, command, user.Who(), cancellationToken)).ToHttp(TypedResults.Ok)
            : new Failure(RequestError.Invalid.Because($"'command' must be one of {string.Join(", ", Commands.Keys)}."));

    private static async Task<Results<Ok<MoveView>, Failure>> PauseAsync(string module, Moves moves, ClaimsPrincipal user, CancellationToken cancellationToken, bool dryRun = false) =>
        (await moves.PauseAsync(module, paused: true, dryRun, user.Who(), cancellationToken)).ToHttp(TypedResults.Ok);

    private static async Task<Results<Ok<MoveView>, Failure>> ResumeAsync(string module, Moves moves, ClaimsPrincipal user, CancellationToken cancellationToken, bool dryRun = false) =>
        (await moves.PauseAsync(module, paused: false, dryRun, user.Who(), cancellationToken)).ToHttp(TypedResults.Ok);

    private static async Task<Results<Ok<MoveView>, Failure>> ThrottleAsync(
        string module, ThrottleMove throttle, Moves moves, ClaimsPrincipal user, CancellationToken cancellationToken, bool dryRun = false) =>
        throttle.RowsPerSecond is < 1
            ? new Failure(RequestError.Invalid.Because("'rowsPerSecond' must be 1 or more, or null for no limit."))
            : (await moves.ThrottleAsync(module, throttle.RowsPerSecond, dryRun, user.Who(), cancellationToken)).ToHttp(TypedResults.Ok);
}
