using ModularShop.Facade;
using ModularShop.Host.Pages;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Console;

/// <summary>What there is to see of the routing.</summary>
internal static class RoutesPages
{
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    public static void MapRoutes(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("routes", async (Visit visit) => visit.Show<RoutesPage, RoutesModel>(await RoutesModel.ReadAsync(visit.Api)))
            .WithName("Console.Routes").ForOperators();
        pages.MapGet("routes/live", (Visit visit, LiveParts live) => live.StreamAsync<RoutesPart, RoutesModel>(visit, async () => await RoutesModel.ReadAsync(visit.Api), Pace))
            .WithName("Console.RoutesLive").ForOperators();
        pages.MapGet("routes/history", async (Visit visit, int take = 20) => visit.Show<HistoryPage, HistoryModel>(await HistoryModel.ReadAsync(visit.Api, take)))
            .WithName("Console.RoutesHistory").ForOperators();
        pages.MapGet("routes/{endpoint}", async (Visit visit, string endpoint) => await ShowAsync(visit, endpoint))
            .WithName("Console.Route").ForOperators();
        pages.MapGet("routes/{endpoint}/live", (Visit visit, LiveParts live, string endpoint) =>
            live.StreamAsync<EndpointPart, EndpointModel>(visit, async () => await EndpointModel.ReadAsync(visit, endpoint), Pace))
            .WithName("Console.RouteLive").ForOperators();
    }

    /// <summary>The page of an endpoint as it is now, and why what was chosen on it was refused.</summary>
    public static async Task<IResult> ShowAsync(Visit visit, string endpoint, RouteForm? typed = null, ApiProblem? problem = null) =>
        Show(visit, await EndpointModel.ReadAsync(visit, endpoint), typed, problem);

    /// <param name="plan">A rollout that was not begun, as it was typed.</param>
    public static IResult Show(Visit visit, EndpointModel model, RouteForm? typed, ApiProblem? problem, RolloutForm? plan = null) => visit.Show<EndpointPage, EndpointPageModel>(
        new EndpointPageModel(model, typed is null ? RouteForm.Of(model) : typed with { Revision = model.Revision }, plan, problem), problem?.Status ?? StatusCodes.Status200OK);
}

/// <summary>The newest revisions, each with what it changed.</summary>
public sealed record HistoryModel(long Current, IReadOnlyList<RevisionView> Revisions, int Take)
{
    private const int Most = 200;

    /// <summary>Null where there are no more.</summary>
    public int? More => Revisions.Count == Take && Take < Most ? Math.Min(Take * 3, Most) : null;

    internal static async Task<HistoryModel> ReadAsync(ShopApi api, int take)
    {
        take = Math.Clamp(take, 1, Most);
        var revisions = (await api.GetAsync<IReadOnlyList<RevisionView>>($"/api/v1/routes/history?take={take}")).Needed();
        return new HistoryModel((await api.GetAsync<RoutingView>("/api/v1/routes")).Needed().Revision, revisions, take);
    }
}
