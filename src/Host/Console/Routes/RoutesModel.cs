using System.Globalization;
using ModularShop.Facade;
using ModularShop.Host.Pages;

namespace ModularShop.Host.Console;

/// <summary>Who answers what, and how it goes.</summary>
public sealed record RoutesModel(RoutingView Routing, FiguresView Figures)
{
    public IEnumerable<IGrouping<string, (RouteView Route, EndpointFigures? Figures)>> Modules
    {
        get
        {
            var figures = Figures.Endpoints.ToDictionary(f => f.Endpoint, StringComparer.Ordinal);
            return Routing.Endpoints.Select(r => (Route: r, Figures: figures.GetValueOrDefault(r.Name))).GroupBy(e => e.Route.Module, StringComparer.Ordinal);
        }
    }

    internal static async Task<RoutesModel> ReadAsync(ShopApi api)
    {
        var figures = await api.GetAsync<FiguresView>("/api/v1/routes/figures");
        return new RoutesModel((await api.GetAsync<RoutingView>("/api/v1/routes")).Needed(), figures.Needed());
    }

    internal static string ModeOf(RouteView route) => route.Percent is { } percent ? $"{route.Mode} {percent} %" : route.Mode;
}

/// <summary>An endpoint: who answers it, how both sides do, and what can be done about it.</summary>
/// <param name="Shadow">How answers compare; null unless they are compared.</param>
/// <param name="Rollout">Null where it does not go over by itself.</param>
/// <param name="Way">How the rollout has gone while somebody looked.</param>
public sealed record EndpointModel(
    RouteView Route, long Revision, EndpointFiguresView Figures, ShadowView? Shadow, RolloutView? Rollout, IReadOnlyList<Sample<RolloutSample>> Way)
{
    public string Address => $"/console/routes/{ShopApi.Segment(Route.Name)}";

    public bool Reads => Route.Method is "GET" or "HEAD";

    internal static async Task<EndpointModel> ReadAsync(Visit visit, string endpoint)
    {
        var api = visit.Api;
        var path = $"/api/v1/routes/{ShopApi.Segment(endpoint)}";
        var figures = (await api.GetAsync<EndpointFiguresView>($"{path}/figures")).Needed();
        var routing = (await api.GetAsync<RoutingView>("/api/v1/routes")).Needed();
        var route = routing.Endpoints.First(r => r.Name.Equals(endpoint, StringComparison.OrdinalIgnoreCase));
        var shadow = route.Mode == "Shadow" ? await api.GetAsync<ShadowView>($"{path}/shadow") : null;
        var rollout = route.Rollout is null ? null : (await api.GetAsync<RolloutView>($"{path}/rollout")).Value;
        var way = rollout is null ? [] : visit.Http.RequestServices.GetRequiredService<Seen<RolloutSample>>().Note(route.Name, $"{rollout.Began}: {string.Join(", ", rollout.Steps)}", RolloutSample.Of(rollout));
        return new EndpointModel(route, routing.Revision, figures, shadow?.Value, rollout, way);
    }
}

/// <summary>Where a rollout was, in per cent.</summary>
/// <param name="Clients">Of the clients, those whom the service answered.</param>
/// <param name="Failed">Of the service's answers, as the plan counts them; null where none are counted.</param>
/// <param name="Limit">What the plan lets fail.</param>
public sealed record RolloutSample(double Clients, double? Failed, double? Limit)
{
    internal static RolloutSample Of(RolloutView rollout) => new(
        double.TryParse(rollout.Step.TrimEnd('%', ' '), NumberStyles.None, CultureInfo.InvariantCulture, out var clients) ? clients : 0, 100 * rollout.Failed?.Share, 100 * rollout.Failed?.Limit);
}

/// <summary>An endpoint with the forms that change its route.</summary>
/// <param name="Typed">What was chosen; at first the route as it is.</param>
/// <param name="Plan">A rollout that was not begun, as it was typed.</param>
public sealed record EndpointPageModel(EndpointModel Endpoint, RouteForm Typed, RolloutForm? Plan, ApiProblem? Problem);

/// <param name="Revision">The revision that it was chosen on.</param>
public sealed record RouteForm(string Mode, string Percent, string Timeout, bool Fallback, long Revision)
{
    internal static RouteForm Of(EndpointModel endpoint) => new(
        endpoint.Route.Mode, $"{endpoint.Route.Percent ?? 10}", Shown.Plain(endpoint.Route.TimeoutSeconds), endpoint.Route.Fallback, endpoint.Revision);
}
