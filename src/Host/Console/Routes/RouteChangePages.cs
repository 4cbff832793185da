using System.Globalization;
using ModularShop.Facade;
using ModularShop.Host.Pages;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Console;

/// <summary>Changes of the routing: what one would do is shown first, and done with a reason, on the revision that was looked at.</summary>
internal static class RouteChangePages
{
    /// <summary>In seconds: what the routing file need not say.</summary>
    private const double DefaultTimeout = 10;

    public static void MapRouteChanges(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("routes/{endpoint}/set", ReviewAsync).WithName("Console.ReviewRoute").ForOperators();
        pages.MapPost("routes/{endpoint}/set", SetAsync).WithName("Console.SetRoute").ForOperators();
        pages.MapGet("routes/home", (Visit visit, long? revision) => HomeReviewAsync(visit, revision)).WithName("Console.ReviewHome").ForOperators();
        pages.MapPost("routes/home", HomeAsync).WithName("Console.Home").ForOperators();
        pages.MapGet("routes/restore", (Visit visit, long number, long? revision) => RestoreReviewAsync(visit, number, revision)).WithName("Console.ReviewRestore").ForOperators();
        pages.MapPost("routes/restore", RestoreAsync).WithName("Console.Restore").ForOperators();
    }

    private static async Task<IResult> ReviewAsync(Visit visit, string endpoint, string? mode, string? percent, string? timeout, string? fallback, long? revision)
    {
        var form = new RouteForm(mode ?? "", percent ?? "", timeout ?? "", fallback is not null, revision ?? 0);
        var model = await EndpointModel.ReadAsync(visit, endpoint);
        if (Check(form) is { } problem)
        {
            return await RoutesPages.ShowAsync(visit, endpoint, form, problem);
        }

        return form.Revision != model.Revision
            ? await RoutesPages.ShowAsync(visit, endpoint, form, Changed(form.Revision, model.Revision))
            : visit.Show<ReviewPage, Review>(Review(model, form, reason: null, problem: null));
    }

    private static async Task<IResult> SetAsync(Visit visit, string endpoint, IFormCollection sent)
    {
        var form = new RouteForm(
            sent["mode"].ToString(), sent["percent"].ToString(), sent["timeout"].ToString(), sent["fallback"] == "true", RevisionOf(sent) ?? 0);
        if (Check(form) is { } unreadable)
        {
            return await RoutesPages.ShowAsync(visit, endpoint, form, unreadable);
        }

        var reason = sent["reason"].ToString();
        var isCanary = form.Mode == "Canary";
        var answer = await visit.Api.PutAsync<RouteView>($"/api/v1/routes/{ShopApi.Segment(endpoint)}", new RouteChange(
            form.Mode, reason, isCanary ? int.Parse(form.Percent, CultureInfo.InvariantCulture) : null, Seconds(form.Timeout) is var timeout && timeout == DefaultTimeout ? null : timeout, FallsBack(form) ? null : false, form.Revision));
        return answer.Problem switch
        {
            null => visit.Go($"/console/routes/{ShopApi.Segment(endpoint)}", $"{answer.Needed().Name}: {RoutesModel.ModeOf(answer.Needed())}. Answers: {answer.Needed().Answers}."),
            { Code: "request.invalid" } problem => visit.Show<ReviewPage, Review>(Review(await EndpointModel.ReadAsync(visit, endpoint), form, reason, problem), problem.Status),
            { Status: >= 500 } problem => throw new ApiRefusedException(problem),
            { } problem => await RoutesPages.ShowAsync(visit, endpoint, form, problem),
        };
    }

    private static Review Review(EndpointModel endpoint, RouteForm form, string? reason, ApiProblem? problem)
    {
        var (route, to) = (endpoint.Route, form.Mode == "Canary" ? $"Canary {form.Percent} %" : form.Mode);
        List<string> what =
        [
            $"{route.Method} {route.Path}",
            $"Mode: {RoutesModel.ModeOf(route)} → {to}. The service may take {form.Timeout} s{(form.Mode == "Shadow" ? "; the monolith answers in any case" : $"; when it cannot answer, {(form.Fallback ? "the monolith does" : "nobody does")}")}.",
        ];
        if (!endpoint.Reads)
        {
            what.Add($"It changes data, and so goes to the owner of the data, the {route.Owner}, whatever its mode says.");
        }

        if (endpoint.Rollout is { State: "Running" or "Paused" } rollout)
        {
            what.Add($"Its rollout, which is {rollout.State.ToLowerInvariant()} at {rollout.Step}, ends with this.");
        }

        var options = new[] { Seconds(form.Timeout) == DefaultTimeout ? null : CliCommand.Option("timeout", form.Timeout + "s"), FallsBack(form) ? null : "--no-fallback" };
        return new Review(
            $"{route.Name} to {to}?", $"{endpoint.Address}/set", endpoint.Address, $"Set {to}", what,
            CliCommand.Of(
            [
                form.Mode switch { "Canary" => $"routes canary {route.Name} {form.Percent}", "Shadow" => $"routes shadow {route.Name}", _ => $"routes set {route.Name} {form.Mode}" },
                .. options,
            ]))
        {
            Fields =
            [
                ("mode", form.Mode), ("percent", form.Percent), ("timeout", form.Timeout), ("fallback", form.Fallback ? "true" : "false"),
                ("revision", form.Revision.ToString(CultureInfo.InvariantCulture)),
            ],
            Reason = reason, Problem = problem, IsGrave = form.Mode is "Service" && endpoint.Reads,
        };
    }

    private static async Task<IResult> HomeReviewAsync(Visit visit, long? revision, string? reason = null, ApiProblem? problem = null)
    {
        var routing = (await visit.Api.GetAsync<RoutingView>("/api/v1/routes")).Needed();
        var away = routing.Endpoints.Where(e => e.Mode != "Monolith").ToList();
        return visit.Show<ReviewPage, Review>(
            new Review(
                "Everything home?", "/console/routes/home", "/console/routes", "Send everything home",
                ["Every endpoint goes back to the monolith, and every rollout ends. Who owns the data stays as it is: what changes data goes to the owner."],
                CliCommand.Of("routes home"))
            {
                Lists = [new ReviewList(
                    $"Not at the monolith in revision {routing.Revision}", ReviewListKind.Things,
                    [.. away.Count == 0 ? [new ReviewItem("Nothing: everything is home already.")] : away.Select(e => new ReviewItem($"{e.Name}: {RoutesModel.ModeOf(e)}"))])],
                Fields = [("revision", (revision ?? routing.Revision).ToString(CultureInfo.InvariantCulture))],
                Reason = reason, Problem = problem, IsGrave = true,
            },
            problem?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> HomeAsync(Visit visit, IFormCollection sent)
    {
        var reason = sent["reason"].ToString();
        var answer = await visit.Api.PostAsync<RoutingView>("/api/v1/routes/home", new HomeRequest(reason, RevisionOf(sent)));
        return answer.Refusal() is not { } problem ? visit.Go("/console/routes", $"Revision {answer.Needed().Revision}: every endpoint is back at the monolith.")
            : await HomeReviewAsync(visit, revision: null, reason, problem);
    }

    private static async Task<IResult> RestoreReviewAsync(Visit visit, long number, long? revision, string? reason = null, ApiProblem? problem = null)
    {
        var history = (await visit.Api.GetAsync<IReadOnlyList<RevisionView>>("/api/v1/routes/history?take=200")).Needed();
        var current = history.Count > 0 ? history[0].Number : 0;
        var undone = history.Where(r => r.Number > number).ToList();
        return visit.Show<ReviewPage, Review>(
            new Review(
                undone.Count == 1 ? $"Undo revision {current}?" : $"Go back to revision {number}?", "/console/routes/restore", "/console/routes/history", "Make it the newest revision",
                [$"The routing becomes what it was in revision {number}, as revision {current + 1}. A rollout that was running then begins anew at the step it had."],
                CliCommand.Of("routes restore", number.ToString(CultureInfo.InvariantCulture)))
            {
                Lists = [new ReviewList("This is undone", ReviewListKind.Things, [.. undone.SelectMany(r => r.Changes.DefaultIfEmpty(r.Reason).Select(c => new ReviewItem($"{r.Number}: {c}")))])],
                Fields = [("number", number.ToString(CultureInfo.InvariantCulture)), ("revision", (problem is null ? revision ?? current : current).ToString(CultureInfo.InvariantCulture))],
                Reason = reason, Problem = problem, IsPossible = undone.Count > 0,
            },
            problem?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> RestoreAsync(Visit visit, IFormCollection sent)
    {
        var (reason, number) = (sent["reason"].ToString(), long.TryParse(sent["number"], NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : -1);
        var answer = await visit.Api.PostAsync<RoutingView>("/api/v1/routes/restore", new RestoreRequest(number, reason, RevisionOf(sent)));
        return answer.Refusal() is not { } problem ? visit.Go("/console/routes/history", $"Revision {answer.Needed().Revision}: the routing is what it was in revision {number}.")
            : await RestoreReviewAsync(visit, number, revision: null, reason, problem);
    }

    public static long? RevisionOf(IFormCollection sent) => long.TryParse(sent["revision"], NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : null;

    /// <summary>In the mode Shadow there is nothing to fall back from.</summary>
    private static bool FallsBack(RouteForm form) => form.Fallback || form.Mode == "Shadow";

    /// <summary>What the API could not even be asked.</summary>
    private static ApiProblem? Check(RouteForm form)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (form.Mode is not ("Monolith" or "Shadow" or "Canary" or "Service"))
        {
            errors["mode"] = ["Choose one of the four."];
        }

        if (form.Mode == "Canary" && !(int.TryParse(form.Percent, NumberStyles.None, CultureInfo.InvariantCulture, out var percent) && percent <= 100))
        {
            errors["percent"] = ["A whole number, 0 to 100."];
        }

        if (Seconds(form.Timeout) is not > 0)
        {
            errors["timeout"] = ["A number of seconds above 0, such as 2 or 0.5."];
        }

        return errors.Count == 0 ? null : new ApiProblem(StatusCodes.Status400BadRequest, "request.invalid", "Something is not filled in as it should be. Nothing was changed.", errors);
    }

    private static double? Seconds(string text) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds) ? seconds : null;

    public static ApiProblem Changed(long from, long to) => new(
        StatusCodes.Status409Conflict, "routes.changed_meanwhile", $"The routing is at revision {to} by now, not {from}. This is how it is; look at it, and change it again.");
}
