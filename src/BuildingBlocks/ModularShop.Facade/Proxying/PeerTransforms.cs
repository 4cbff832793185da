using System.Globalization;
using ModularShop.Modularity.Http;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace ModularShop.Facade;

/// <summary>What is changed of a request on its way to another process, and of its answer.</summary>
internal sealed class PeerTransforms(RecentWrites recent) : ITransformProvider
{
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
        context.AddRequestTransform(static request =>
        {
            var headers = request.ProxyRequest.Headers;
            // A client that speaks as a peer does is not listened to, and must not be heard at the other end either.
            foreach (var name in request.HttpContext.Request.Headers.Keys.Where(k => k.StartsWith(FacadeHeaders.PeerPrefix, StringComparison.OrdinalIgnoreCase)))
            {
                headers.Remove(name);
            }

            if (request.HttpContext.Features.Get<ProxiedCall>() is { } call)
            {
                headers.Add(FacadeHeaders.Epoch, call.Ownership.Epoch.ToString(CultureInfo.InvariantCulture));
                if (call.Route.Endpoint.IsSafe)
                {
                    headers.Add(FacadeHeaders.Owner, call.Ownership.Owner.ToString());
                }
                else
                {
                    headers.Add(FacadeHeaders.Wait, ((long)(call.Route.Definition.Timeout.TotalMilliseconds * 3 / 4)).ToString(CultureInfo.InvariantCulture));
                }

                if (call.Since is { } since)
                {
                    headers.Add(FacadeHeaders.Written, since.UtcTicks.ToString(CultureInfo.InvariantCulture));
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
            call.NotOwnerSince = answer.Headers.TryGetValues(FacadeHeaders.NotOwner, out var epoch)
                && long.TryParse(epoch.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var since) ? since : null;
            if (answer.Headers.TryGetValues(FacadeHeaders.Data, out var data))
            {
                recent.Learn(call.Route.Endpoint.Module, data.First());
            }

            // A read can be answered by another; what an owner says of a write, it says to the client.
            call.Stale = call.Route.Endpoint.IsSafe && answer.Headers.TryGetValues(FacadeHeaders.Stale, out var stale) ? stale.First() : null;
            call.Unavailable = call.Stale is null && call.Route.Endpoint.IsSafe && (int)answer.StatusCode is 502 or 503 or 504;
            if (call.NotOwnerSince is not null || call.Unavailable || call.Stale is not null)
            {
                // The step before decides what the client gets instead.
                response.SuppressResponseBody = true;
                ours.Remove("Content-Length");
                ours.Remove("Content-Type");
            }

            // What the other process says of them has been added to what is said here.
            SecurityHeaders.SetForClient(http);
            ours.Remove(FacadeHeaders.NotOwner);
            ours.Remove(FacadeHeaders.Stale);
            ours.Remove(FacadeHeaders.Data);
            ours.Remove(FacadeHeaders.Fallback);
            ours[FacadeHeaders.AnsweredBy] = call.AnsweredBy;
            return ValueTask.CompletedTask;
        });
    }
}
