using System.Globalization;
using System.Net.Http.Headers;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Http;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace ModularShop.Facade;

/// <summary>What is changed of a request on its way to another process, and of its answer.</summary>
internal sealed class PeerTransforms(RecentWrites recent, Replicas replicas) : ITransformProvider
{
    private readonly string _maxLag = ((long)replicas.MaxLag.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

    public void ValidateRoute(TransformRouteValidationContext context)
    {
        // Routes are made by ProxyConfiguration.
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
        // So are clusters.
    }

    public void Apply(TransformBuilderContext context)
    {
        context.AddRequestTransform(request =>
        {
            var headers = request.ProxyRequest.Headers;
            // A client that speaks as a peer does is not listened to, and must not be heard at the other end either.
            if (SpeaksAsPeer(headers))
            {
                headers.NonValidated.Select(h => h.Key).Where(IsPeers).ToList().ForEach(name => headers.Remove(name));
            }

            if (request.HttpContext.Features.Get<ProxiedCall>() is { } call)
            {
                headers.TryAddWithoutValidation(FacadeHeaders.Epoch, call.Ownership.Epoch.ToString(CultureInfo.InvariantCulture));
                if (call.Route.Endpoint.IsSafe)
                {
                    headers.TryAddWithoutValidation(FacadeHeaders.Owner, call.Ownership.Owner.ToString());
                    headers.TryAddWithoutValidation(FacadeHeaders.MaxLag, _maxLag);
                }
                else
                {
                    headers.TryAddWithoutValidation(FacadeHeaders.Wait, ((long)(call.Route.Definition.Timeout.TotalMilliseconds * 3 / 4)).ToString(CultureInfo.InvariantCulture));
                }

                if (call.Since is { } since)
                {
                    headers.TryAddWithoutValidation(FacadeHeaders.Written, since.UtcTicks.ToString(CultureInfo.InvariantCulture));
                }
            }

            return ValueTask.CompletedTask;
        });
        context.AddResponseTransform(response =>
        {
            var http = response.HttpContext;
            if (response.ProxyResponse is not { } answer || http.Features.Get<ProxiedCall>() is not { } call)
            {
                return ValueTask.CompletedTask;
            }

            var ours = http.Response.Headers;
            var theirs = answer.Headers.NonValidated;
            call.NotOwnerSince = theirs.TryGetValues(FacadeHeaders.NotOwner, out var epoch)
                && long.TryParse(epoch.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var since) ? since : null;
            if (theirs.TryGetValues(FacadeHeaders.Data, out var data))
            {
                recent.Learn(call.Route.Endpoint.Module, data.First());
            }

            // A read can be answered by another; what an owner says of a write, it says to the client.
            call.Stale = call.Route.Endpoint.IsSafe && theirs.TryGetValues(FacadeHeaders.Stale, out var stale) ? stale.First() : null;
            call.Unavailable = call.Stale is null && call.Route.Endpoint.IsSafe && (int)answer.StatusCode is 502 or 503 or 504;
            if (call.NotOwnerSince is not null || call.Unavailable || call.Stale is not null)
            {
                // The step before decides what the client gets instead.
                response.SuppressResponseBody = true;
                ours.Remove("Content-Length");
                ours.Remove("Content-Type");
            }

            // What the other process says of them has been added to what is said here.
            SecurityHeaders.KeepForClient(http);
            ours.Remove(FacadeHeaders.NotOwner);
            ours.Remove(FacadeHeaders.Stale);
            ours.Remove(FacadeHeaders.Data);
            ours.Remove(FacadeHeaders.Fallback);
            if (ours[FacadeHeaders.AnsweredBy] != call.AnsweredBy)
            {
                ours[FacadeHeaders.AnsweredBy] = call.AnsweredBy;
            }

            return ValueTask.CompletedTask;
        });
    }

    private static bool SpeaksAsPeer(HttpRequestHeaders headers)
    {
        foreach (var (name, _) in headers.NonValidated)
        {
            if (IsPeers(name))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPeers(string name) => name.StartsWith(FacadeHeaders.PeerPrefix, StringComparison.OrdinalIgnoreCase);
}
