using System.Globalization;
using ModularShop.Modularity.Http;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace ModularShop.Facade;

/// <summary>What is changed of a request on its way to another process, and of its answer.</summary>
internal sealed class PeerTransforms : ITransformProvider
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

            if (request.HttpContext.Features.Get<ProxiedCall>() is { Route.Endpoint.IsSafe: false } write)
            {
                headers.Add(FacadeHeaders.Epoch, write.Ownership.Epoch.ToString(CultureInfo.InvariantCulture));
            }

            return ValueTask.CompletedTask;
        });
        context.AddResponseTransform(static response =>
        {
            var http = response.HttpContext;
            if (response.ProxyResponse is not { } answer || http.Features.Get<ProxiedCall>() is not { } call)
            {
                return ValueTask.CompletedTask;
            }

            var ours = http.Response.Headers;
            call.NotOwnerSince = answer.Headers.TryGetValues(FacadeHeaders.NotOwner, out var epoch)
                && long.TryParse(epoch.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var since) ? since : null;
            // A read can be answered by another; what an owner says of a write, it says to the client.
            call.Unavailable = call.Route.Endpoint.IsSafe && (int)answer.StatusCode is 502 or 503 or 504;
            if (call.NotOwnerSince is not null || call.Unavailable)
            {
                // The step before decides what the client gets instead.
                response.SuppressResponseBody = true;
                ours.Remove("Content-Length");
                ours.Remove("Content-Type");
            }

            // What the other process says of them has been added to what is said here.
            SecurityHeaders.SetForClient(http);
            ours.Remove(FacadeHeaders.NotOwner);
            ours.Remove(FacadeHeaders.Fallback);
            ours[FacadeHeaders.AnsweredBy] = call.AnsweredBy;
            return ValueTask.CompletedTask;
        });
    }
}
