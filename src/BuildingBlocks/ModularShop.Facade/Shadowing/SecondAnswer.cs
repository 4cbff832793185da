using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ModularShop.Facade;

/// <summary>Asks the monolith's own endpoint again, as the client that asked it first, off that client's path.</summary>
internal sealed class SecondAnswer(EndpointInventory inventory, IServiceScopeFactory scopes)
{
    /// <remarks>The endpoint alone: the request has been let in before, and counts against no limit of its client's.</remarks>
    public async Task<Answer> AskAsync(ShadowedCall call, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(call.Route.Definition.Timeout);
        await using var scope = scopes.CreateAsyncScope();
        using var body = new MemoryStream();
        var local = inventory.Local[call.Route.Endpoint];
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider, User = call.User, RequestAborted = patience.Token };
        var request = http.Request;
        (request.Method, request.Scheme, request.Host, request.Path, request.QueryString) = (call.Method, call.Scheme, call.Host, call.Path, call.Query);
        foreach (var (name, value) in call.Headers.Where(h => !h.Key.StartsWith(':')))
        {
            request.Headers[name] = value;
        }

        request.RouteValues = new RouteValueDictionary(call.Values);
        http.Connection.RemoteIpAddress = call.Client;
        http.Response.Body = body;
        http.SetEndpoint(local);
        await local.RequestDelegate!(http);
        await http.Response.BodyWriter.FlushAsync(patience.Token);
        return new Answer(http.Response.StatusCode, Answer.HeadersOf(call.Watch.Rules.Headers, name => http.Response.Headers[name]), body.ToArray());
    }
}
