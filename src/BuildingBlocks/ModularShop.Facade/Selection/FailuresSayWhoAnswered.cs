using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using ModularShop.Modularity.Deployables;

namespace ModularShop.Facade;

/// <summary>What catches an endpoint's exception clears the answer's headers; who answered is said again.</summary>
internal sealed class FailuresSayWhoAnswered(RoutingTable table, Ownerships ownerships, Deployable here) : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.Metadata.GetMetadata<LocalEndpoint>() is { Endpoint: var endpoint })
        {
            httpContext.Response.Headers[FacadeHeaders.AnsweredBy] = table.Current.Routes[endpoint.Index].AnsweredBy(here.Side, ownerships.Of(endpoint.Module).Owner);
        }
        else if (httpContext.Features.Get<ProxiedCall>() is { } call)
        {
            httpContext.Response.Headers[FacadeHeaders.AnsweredBy] = call.AnsweredBy;
        }

        return ValueTask.FromResult(false);
    }
}
