using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Domain;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace ModularShop.Facade;

/// <summary>The routing in effect, in words.</summary>
internal sealed class RoutesReport(EndpointInventory inventory, RoutingTable table, Ownerships ownerships, IProxyStateLookup proxy)
{
    public RoutingView Show()
    {
        var snapshot = table.Current;
        var revision = snapshot.Revision;
        return new RoutingView(
            revision.Number, revision.At, revision.By, revision.Reason, [.. table.Errors.Select(e => e.ToString())],
            [.. snapshot.Services.Values.OrderBy(s => s.Name, StringComparer.Ordinal).Select(s => Show(s))],
            [.. snapshot.Routes.Select(Show)]);
    }

    public RouteView Show(FacadeEndpoint endpoint) => Show(table.Current.Routes[endpoint.Index]);

    public Result<ShadowView> Compare(FacadeEndpoint endpoint)
    {
        var route = table.Current.Routes[endpoint.Index];
        if (route.Shadow?.Figures is not { } figures)
        {
            return RoutesError.NotShadowed.Because($"The mode of {endpoint.Name} is {route.Definition.Mode}, and nothing is compared; give it the mode Shadow.");
        }

        var counts = figures.Read();
        return new ShadowView(
            endpoint.Name, figures.Revision, counts.Since, counts.Compared, counts.Equal, counts[ShadowOutcome.Settled], counts[ShadowOutcome.Different],
            // Rounded down: 100 means that none was different.
            counts.Compared == 0 ? null : Math.Floor(10_000.0 * counts.Equal / counts.Compared) / 100,
            counts[ShadowOutcome.ServiceError], counts[ShadowOutcome.TimedOut], counts[ShadowOutcome.Dropped], counts[ShadowOutcome.TooLarge], figures.Samples());
    }

    /// <param name="request">As in <c>GET /api/v1/catalog/products/42</c>.</param>
    public Result<RouteExplanation> Explain(string request)
    {
        if (request.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is not [var method, var path] || !path.StartsWith('/'))
        {
            return RoutesError.NoRequest.Because("'request' is a method and a path, as in \"GET /api/v1/catalog/products/42\".");
        }

        path = path.Split('?')[0];
        var snapshot = table.Current;
        var matches = snapshot.Routes.Where(r => Matches(r.Endpoint, path)).ToList();
        var route = matches.Find(r => r.Endpoint.Methods.Contains(method, StringComparer.OrdinalIgnoreCase));
        if (route is null)
        {
            return RoutesError.NoSuchAddress.Because(matches.Count == 0
                ? $"No endpoint of a module answers at {path}."
                : $"{path} takes {string.Join(", ", matches.SelectMany(m => m.Endpoint.Methods).Order(StringComparer.Ordinal))}, not {method}.");
        }

        var view = Show(route);
        return new RouteExplanation(view.Name, $"{view.Method} {view.Path}", snapshot.Revision.Number, view.Mode, view.Answers, view.Owner, view.Epoch, Because(route, view, snapshot.Revision));
    }

    private static string Because(Route route, RouteView view, RoutingRevision revision)
    {
        var endpoint = route.Endpoint;
        if (endpoint.HasLeft)
        {
            return $"{endpoint.Module} has left this host: its service answers, whatever the mode.";
        }

        if (!endpoint.IsSafe)
        {
            return $"It changes data, and the data of {endpoint.Module} belongs to the {view.Owner} (epoch {view.Epoch}), whatever the mode.";
        }

        var mode = $"It reads, and its mode is {route.Definition.Mode} (revision {revision.Number})";
        return route.Definition.Mode switch
        {
            Mode.Monolith => $"{mode}.",
            Mode.Shadow => $"{mode}: the service is asked too, and its answer compared.",
            Mode.Canary => $"{mode}: the service answers {route.Definition.Percent} % of the clients, each always the same side.",
            _ => $"{mode}{(route.Definition.Fallback ? "; the monolith answers when the service cannot" : "")}.",
        };
    }

    private RouteView Show(Route route)
    {
        var (endpoint, definition) = (route.Endpoint, route.Definition);
        var ownership = ownerships.Of(endpoint.Module);
        var service = $"{endpoint.Module.ToLowerInvariant()}-service";
        var answers = !endpoint.IsSafe ? ownership.Owner is Owner.Monolith ? "monolith" : service
            : definition.Mode switch
            {
                Mode.Service => service,
                Mode.Canary => $"{service} ({definition.Percent} %), monolith",
                _ => "monolith",
            };
        return new RouteView(
            endpoint.Name, string.Join(",", endpoint.Methods), endpoint.Template, endpoint.Module, definition.Mode.ToString(),
            definition.Mode is Mode.Canary ? definition.Percent : null, definition.Timeout.TotalSeconds, definition.Fallback,
            ownership.Owner.ToString().ToLowerInvariant(), ownership.Epoch, answers, definition.Rollout?.State.ToString());
    }

    private ServiceView Show(ServiceDefinition service)
    {
        var addresses = proxy.TryGetCluster(service.Name, out var cluster) ? cluster.DestinationsState.AllDestinations : [];
        return new ServiceView(
            service.Name, [.. service.Destinations.Select(d => d.ToString().TrimEnd('/'))],
            addresses.Count(d => d.Health.Active != DestinationHealth.Unhealthy && d.Health.Passive != DestinationHealth.Unhealthy), addresses.Count);
    }

    private bool Matches(FacadeEndpoint endpoint, string path)
    {
        var pattern = inventory.Local[endpoint].RoutePattern;
        return new TemplateMatcher(new RouteTemplate(pattern), []).TryMatch(new PathString(path), []);
    }
}
