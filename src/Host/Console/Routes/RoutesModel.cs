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
public sealed record EndpointModel(RouteView Route, long Revision, EndpointFiguresView Figures, ShadowView? Shadow, RolloutView? Rollout)
{
    public string Address => $"/console/routes/{ShopApi.Segment(Route.Name)}";

    public bool Reads => Route.Method is "GET" or "HEAD";

    internal static async Task<EndpointModel> ReadAsync(ShopApi api, string endpoint)
    {
        var path = $"/api/v1/routes/{ShopApi.Segment(endpoint)}";
        var figures = (await api.GetAsync<EndpointFiguresView>($"{path}/figures")).Needed();
        var routing = (await api.GetAsync<RoutingView>("/api/v1/routes")).Needed();
        var route = routing.Endpoints.First(r => r.Name.Equals(endpoint, StringComparison.OrdinalIgnoreCase));
        var shadow = route.Mode == "Shadow" ? await api.GetAsync<ShadowView>($"{path}/shadow") : null;
        var rollout = route.Rollout is null ? null : await api.GetAsync<RolloutView>($"{path}/rollout");
        return new EndpointModel(route, routing.Revision, figures, shadow?.Value, rollout?.Value);
    }
}

/// <summary>An endpoint with the forms that change its route.</summary>
/// <param name="Typed">What was chosen; at first the route as it is.</param>
public sealed record EndpointPageModel(EndpointModel Endpoint, RouteForm Typed, ApiProblem? Problem);

/// <param name="Revision">The revision that it was chosen on.</param>
public sealed record RouteForm(string Mode, string Percent, string Timeout, bool Fallback, long Revision)
{
    internal static RouteForm Of(EndpointModel endpoint) => new(
        endpoint.Route.Mode, $"{endpoint.Route.Percent ?? 10}", Shown.Plain(endpoint.Route.TimeoutSeconds), endpoint.Route.Fallback, endpoint.Revision);
}
