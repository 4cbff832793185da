using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.AspNetCore.Http.Metadata;
using ModularShop.Facade;

namespace ModularShop.Host.Pages;

/// <summary>
/// This host's own API, asked without a socket: what a page asks goes the way of every client's request, through limits,
/// access and the facade, so that a page follows an endpoint to its service like everybody else.
/// </summary>
internal sealed class ApiWithin(IServiceScopeFactory scopes, IMeterFactory meters)
{
    /// <summary>A page that has not been answered by then says so.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>As a server measures what comes over a connection.</summary>
    private readonly Histogram<double> _duration = meters.Create(RequestMeasures.Within)
        .CreateHistogram<double>(RequestMeasures.DurationWithin, "s", "What pages ask of this host's own API, without a connection");

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
        var measured = _duration.Enabled ? new MeasuredWithin() : null;
        http.Features.Set<IHttpMetricsTagsFeature>(measured);
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
        finally
        {
            Measure(http, measured);
        }
    }

    private void Measure(HttpContext http, MeasuredWithin? measured)
    {
        if (measured is not null && http.GetEndpoint()?.Metadata.GetMetadata<IRouteDiagnosticsMetadata>()?.Route is { } route)
        {
            _duration.Record(Stopwatch.GetElapsedTime(measured.Began).TotalSeconds,
            [
                .. measured.Tags, new("http.route", route), new("http.request.method", http.Request.Method), new("http.response.status_code", http.Response.StatusCode),
            ]);
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
        features.Set(caller.Features.Get<FirstVisit>());
        features.Set<IHttpAuthenticationFeature>(new HttpAuthenticationFeature());
        return features;
    }

    private sealed class MeasuredWithin : IHttpMetricsTagsFeature
    {
        public long Began { get; } = Stopwatch.GetTimestamp();

        public ICollection<KeyValuePair<string, object?>> Tags { get; } = [];

        public bool MetricsDisabled { get; set; }
    }

    private sealed record BodyWithin(bool CanHaveBody) : IHttpRequestBodyDetectionFeature;
}

/// <param name="Body">Whole.</param>
internal sealed record ApiResponse(int Status, IHeaderDictionary Headers, ReadOnlyMemory<byte> Body);
