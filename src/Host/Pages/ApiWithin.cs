using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace ModularShop.Host.Pages;

/// <summary>
/// This host's own API, asked without a socket: what a page asks goes the way of every client's request, through limits,
/// access and the facade, so that a page follows an endpoint to its service like everybody else.
/// </summary>
internal sealed class ApiWithin(IServiceScopeFactory scopes)
{
    /// <summary>A page that has not been answered by then says so.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private RequestDelegate? _pipeline;

    /// <summary>Everything that the host does with a request, from here on.</summary>
    public void Begin(RequestDelegate pipeline) => _pipeline = pipeline;

    /// <param name="caller">The request of the page: the answer is for who made that one.</param>
    /// <param name="target">Path and query, escaped as in an address.</param>
    /// <param name="patience">How long it is waited for; unset, as long as a page may take.</param>
    /// <exception cref="TimeoutException">There was no answer in time.</exception>
    public async Task<ApiResponse> SendAsync(HttpContext caller, string method, string target, IHeaderDictionary headers, byte[] body, TimeSpan? patience = null)
    {
        var pipeline = _pipeline ?? throw new InvalidOperationException("The host has no pipeline yet.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(caller.RequestAborted);
        limit.CancelAfter(patience ?? Patience);
        await using var response = new ResponseWithin();
        var http = new DefaultHttpContext(Features(caller, method, target, headers, body, response, limit.Token)) { ServiceScopeFactory = scopes };
        try
        {
            await pipeline(http);
            limit.Token.ThrowIfCancellationRequested();
            await response.EndAsync();
            return new ApiResponse(response.StatusCode, response.Headers, response.Written);
        }
        catch (OperationCanceledException e) when (!caller.RequestAborted.IsCancellationRequested)
        {
            throw new TimeoutException($"{method} {target.Split('?')[0]} was not answered within {(patience ?? Patience).TotalSeconds} s.", e);
        }
    }

    private static FeatureCollection Features(
        HttpContext caller, string method, string target, IHeaderDictionary headers, byte[] body, ResponseWithin response, CancellationToken aborted)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Method = method,
            Scheme = caller.Request.Scheme,
            Protocol = HttpProtocol.Http11,
            Path = PathString.FromUriComponent(query < 0 ? target : target[..query]).Value!,
            QueryString = query < 0 ? "" : target[query..],
            RawTarget = target,
            Headers = headers,
            Body = new MemoryStream(body, writable: false),
        });
        features.Set<IHttpRequestBodyDetectionFeature>(new BodyWithin(body.Length > 0));
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = aborted });
        features.Set<IHttpRequestIdentifierFeature>(new HttpRequestIdentifierFeature { TraceIdentifier = Activity.Current?.TraceId.ToString() ?? caller.TraceIdentifier });
        features.Set<IHttpConnectionFeature>(new HttpConnectionFeature
        {
            ConnectionId = caller.Connection.Id, RemoteIpAddress = caller.Connection.RemoteIpAddress, RemotePort = caller.Connection.RemotePort,
            LocalIpAddress = caller.Connection.LocalIpAddress, LocalPort = caller.Connection.LocalPort,
        });
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(response.BodyFeature);
        features.Set<IHttpAuthenticationFeature>(new HttpAuthenticationFeature());
        return features;
    }

    private sealed record BodyWithin(bool CanHaveBody) : IHttpRequestBodyDetectionFeature;
}

/// <param name="Body">Whole.</param>
internal sealed record ApiResponse(int Status, IHeaderDictionary Headers, ReadOnlyMemory<byte> Body);
