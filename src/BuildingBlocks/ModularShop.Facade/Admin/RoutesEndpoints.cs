using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Pipeline;
using ModularShop.Modularity.Security;

namespace ModularShop.Facade;

/// <summary>The operator's API to the routing: <c>/api/v1/routes</c>.</summary>
internal static class RoutesEndpoints
{
    private const int MostRevisions = 200;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/routes").WithTags("Routes").ForOperators();
        group.MapGet("", Show).WithName("Routes.List").WithSummary("Who answers each endpoint, and by which revision");
        group.MapGet("history", HistoryAsync).WithName("Routes.History").WithSummary("The revisions of the routing, newest first")
            .Fails(RequestError.Invalid);
        group.MapGet("explain", Explain).WithName("Routes.Explain").WithSummary("What happens to a request, and why")
            .Fails(RoutesError.NoRequest, RoutesError.NoSuchAddress);
        group.MapGet("{endpoint}/shadow", Compare).WithName("Routes.Shadow").WithSummary("How the service's answers compare with the monolith's")
            .Fails(RoutesError.UnknownEndpoint, RoutesError.NotShadowed);
        group.MapPut("{endpoint}", SetAsync).WithName("Routes.Set").WithSummary("Give an endpoint another route")
            .Fails(RoutesError.UnknownEndpoint, RoutesError.Departed, RoutesError.NotValid, RoutesError.ChangedMeanwhile, RequestError.Invalid);
        group.MapPost("home", HomeAsync).WithName("Routes.Home").WithSummary("Send everything back to the monolith")
            .Fails(RoutesError.ChangedMeanwhile, RequestError.Invalid);
        group.MapPost("restore", RestoreAsync).WithName("Routes.Restore").WithSummary("Make an earlier revision the newest one again")
            .Fails(RoutesError.UnknownRevision, RoutesError.NotValid, RoutesError.ChangedMeanwhile, RequestError.Invalid);
    }

    private static Ok<RoutingView> Show(RoutesReport report) => TypedResults.Ok(report.Show());

    private static async Task<Results<Ok<IReadOnlyList<RevisionView>>, Failure>> HistoryAsync(IRoutingStore store, CancellationToken cancellationToken, int take = 20) =>
        take is < 1 or > MostRevisions
            ? new Failure(RequestError.Invalid.Because($"'take' must be 1 to {MostRevisions}."))
            // One more: what the oldest of them changed is seen beside the one before it.
            : TypedResults.Ok(RevisionView.Of(await store.HistoryAsync(take + 1, cancellationToken), take));

    private static Results<Ok<RouteExplanation>, Failure> Explain(string request, RoutesReport report) => report.Explain(request).ToHttp(TypedResults.Ok);

    private static Results<Ok<ShadowView>, Failure> Compare(string endpoint, EndpointInventory inventory, RoutesReport report) =>
        inventory.ByName.TryGetValue(endpoint, out var found) ? report.Compare(found).ToHttp(TypedResults.Ok) : new Failure(Unknown(endpoint));

    public static Error Unknown(string endpoint) => RoutesError.UnknownEndpoint.Because($"There is no endpoint {endpoint}; 'GET /api/v1/routes' lists those there are.");

    public static Error Departed(FacadeEndpoint endpoint) => RoutesError.Departed.Because(
        $"{endpoint.Module} has left this host, and its service alone can answer {endpoint.Name}. To bring it back, put the module back into the host.");

    private static async Task<Results<Ok<RouteView>, Failure>> SetAsync(
        string endpoint, RouteChange change, HttpContext http, EndpointInventory inventory, RoutingTable table, RoutingChanges changes, RoutesReport report,
        CancellationToken cancellationToken)
    {
        if (!inventory.ByName.TryGetValue(endpoint, out var found))
        {
            return new Failure(Unknown(endpoint));
        }

        if (found.HasLeft && !string.Equals(change.Mode, nameof(Mode.Service), StringComparison.OrdinalIgnoreCase))
        {
            return new Failure(Departed(found));
        }

        return await ChangeAsync(http, change.Reason, change.Revision, text => RoutingEditor.Set(text, found, change), table, changes, cancellationToken) is { } error
            ? new Failure(error)
            : TypedResults.Ok(report.Show(found));
    }

    private static async Task<Results<Ok<RoutingView>, Failure>> HomeAsync(
        HomeRequest request, HttpContext http, RoutingTable table, RoutingChanges changes, RoutesReport report, CancellationToken cancellationToken) =>
        await ChangeAsync(http, request.Reason, request.Revision, RoutingEditor.Home, table, changes, cancellationToken) is { } error
            ? new Failure(error)
            : TypedResults.Ok(report.Show());

    private static async Task<Results<Ok<RoutingView>, Failure>> RestoreAsync(
        RestoreRequest request, HttpContext http, IRoutingStore store, RoutingTable table, RoutingChanges changes, RoutesReport report, CancellationToken cancellationToken)
    {
        // A text that is not valid any more, as an endpoint of then is gone, is refused like any other.
        var earlier = (await store.HistoryAsync(MostRevisions, cancellationToken)).FirstOrDefault(r => r.Number == request.Number);
        if (earlier is null)
        {
            return new Failure(RoutesError.UnknownRevision.Because($"Revision {request.Number} is not among the last {MostRevisions}; 'GET /api/v1/routes/history' has them."));
        }

        return await ChangeAsync(http, request.Reason, request.Revision, _ => earlier.Text, table, changes, cancellationToken) is { } error
            ? new Failure(error)
            : TypedResults.Ok(report.Show());
    }

    /// <summary>Null, or why the routing stays as it is.</summary>
    public static async Task<Error?> ChangeAsync(
        HttpContext http, string reason, long? expected, Func<string, string> edit, RoutingTable table, RoutingChanges changes, CancellationToken cancellationToken)
    {
        if (reason.Trim().Length is < 3 or > 500)
        {
            return RequestError.Invalid.Because("'reason' must say in 3 to 500 characters why the routing is changed: it is all that the history will know.");
        }

        await changes.CatchUpAsync(cancellationToken);
        var current = table.Current.Revision;
        try
        {
            var errors = await changes.ApplyAsync(edit(current.Text), http.User.Who(), reason.Trim(), expected ?? current.Number, cancellationToken);
            return errors.Count == 0 ? null : RoutesError.NotValid.Because(string.Join(' ', errors));
        }
        catch (RoutingConflictException e)
        {
            return RoutesError.ChangedMeanwhile.Because(e.Message);
        }
    }
}
