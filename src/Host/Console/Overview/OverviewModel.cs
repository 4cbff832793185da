using ModularShop.Facade;
using ModularShop.Host.Pages;
using ModularShop.Messaging;
using ModularShop.Modularity.Deployables;

namespace ModularShop.Host.Console;

/// <summary>The shop at a glance.</summary>
/// <param name="Health">Null where it was not told in time.</param>
public sealed record OverviewModel(
    IReadOnlyList<ModuleOverview> Modules, IReadOnlyList<MessageFlow> Flows, IReadOnlyList<ServiceView> Services, IReadOnlyList<string> RoutingErrors, long Revision, FiguresView Figures,
    Health? Health)
{
    public double RequestsPerSecond => Modules.Sum(m => m.RequestsPerSecond);

    /// <summary>Null where nothing was asked.</summary>
    public double? ErrorPercent => Modules.Sum(m => m.Requests) is > 0 and var requests ? 100.0 * Modules.Sum(m => m.Failed) / requests : null;

    /// <summary>Between modules: what one takes from itself is not on its way.</summary>
    public IEnumerable<MessageFlow> Between => Flows.Where(f => f.From != f.To);

    internal static async Task<OverviewModel> ReadAsync(ShopApi api)
    {
        var figures = (await api.GetAsync<FiguresView>("/api/v1/routes/figures")).Needed();
        var routing = (await api.GetAsync<RoutingView>("/api/v1/routes")).Needed();
        var owners = await api.OwnersAsync();
        var flows = (await api.GetAsync<IReadOnlyList<MessageFlow>>("/api/v1/messages")).Needed();
        var health = api.TryGetAsync<Health>("/health/ready", takes: StatusCodes.Status503ServiceUnavailable);
        var backlogs = Task.WhenAll(owners.Select(o => api.TryGetAsync<BacklogView>($"/api/v1/messages/{ShopApi.Segment(o.Module)}/backlog")));
        var moves = Task.WhenAll(owners.Select(o => LastMove.ReadAsync(api, o.Module)));
        await Task.WhenAll(health, backlogs, moves);
        return new OverviewModel(
            [
                .. owners.Zip(await moves, await backlogs).Select(m => ModuleOverview.Of(
                    m.First, [.. routing.Endpoints.Where(e => e.Module == m.First.Module)], figures, m.Second, m.Third,
                    routing.Services.FirstOrDefault(s => s.Name.Equals(m.First.Module, StringComparison.OrdinalIgnoreCase)))),
            ],
            flows, routing.Services, routing.Errors, routing.Revision, figures, (await health).Value);
    }
}

/// <summary>A module: whose its data is, who answers, and what matters of it now.</summary>
/// <param name="AtService">How many of its endpoints its service answers, altogether or in part.</param>
/// <param name="Unknown">Why its messages cannot be told.</param>
public sealed record ModuleOverview(
    OwnershipDetails Owner, int Endpoints, int AtService, double RequestsPerSecond, long Requests, long Failed, double? P95, LastMove Move, BacklogView? Backlog, string? Unknown, ServiceView? Service)
{
    public string Name => Owner.Module;

    public double? ErrorPercent => Requests == 0 ? null : 100.0 * Failed / Requests;

    public bool IsTheServices => Owner.Owner is ModularShop.Modularity.Deployables.Owner.Service;

    public string Answers => AtService == 0 ? "monolith answers all" : AtService == Endpoints ? "service answers all" : $"service answers {AtService} of {Endpoints}";

    internal static ModuleOverview Of(
        OwnershipDetails owner, IReadOnlyList<ModularShop.Facade.RouteView> routes, FiguresView figures, LastMove move, ApiAnswer<BacklogView> backlog, ServiceView? service)
    {
        var names = routes.Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        var sides = figures.Endpoints.Where(f => names.Contains(f.Endpoint)).SelectMany(f => new[] { f.Monolith, f.Service }).OfType<AnswerFigures>().Where(s => s.Requests > 0).ToList();
        return new ModuleOverview(
            owner, routes.Count, routes.Count(r => r.Answers != "monolith"), sides.Sum(s => s.RequestsPerSecond), sides.Sum(s => s.Requests), sides.Sum(s => s.Failed),
            sides.Count == 0 ? null : sides.Max(s => s.P95Milliseconds), move, backlog.Value, backlog.Problem?.Detail, service);
    }
}

/// <summary>What <c>/health/ready</c> says.</summary>
public sealed record Health(string Status, IReadOnlyDictionary<string, HealthCheck> Checks);

public sealed record HealthCheck(string Status, string? Description);
