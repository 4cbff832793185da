using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Peers;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;

namespace ModularShop.Facade;

/// <summary>Sends copies of requests to services, as the mode Service would send the requests, and marked as copies.</summary>
internal sealed class ShadowClient(PeerClients peers, IProxyStateLookup proxy, IOptions<FacadeOptions> options) : IDisposable
{
    /// <summary>What belongs to the connection, or to the body that there is none of; and the copy is to come back as it is.</summary>
    private static readonly HashSet<string> NotCopied = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authorization", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Expect", "HTTP2-Settings",
        "Accept-Encoding", "Content-Length", "Content-Type", "X-Peer", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "Forwarded", "traceparent",
    };

    private readonly ConcurrentDictionary<string, Lazy<HttpMessageInvoker>> _invokers = new(StringComparer.Ordinal);
    private readonly int _longest = options.Value.Shadow.LongestBody;
    private uint _turn;

    /// <summary>The answer, or why there is none to compare.</summary>
    public async Task<(Answer? Answer, ShadowOutcome Outcome)> AskAsync(ShadowedCall call, CancellationToken stop)
    {
        var module = call.Route.Endpoint.Module;
        var destinations = proxy.TryGetCluster(module, out var cluster) ? cluster.DestinationsState.AvailableDestinations : [];
        if (destinations.Count == 0)
        {
            return (null, ShadowOutcome.ServiceError);
        }

        var destination = destinations[(int)(Interlocked.Increment(ref _turn) % (uint)destinations.Count)].Model.Config;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(call.Route.Definition.Timeout);
        try
        {
            using var request = Copy(call, destination);
            var invoker = _invokers.GetOrAdd(module, m => new Lazy<HttpMessageInvoker>(() => peers.CreateInvoker(m))).Value;
            using var response = await invoker.SendAsync(request, patience.Token);
            if ((int)response.StatusCode is 502 or 503 or 504)
            {
                return (null, ShadowOutcome.ServiceError);
            }

            return await ReadAsync(response.Content, patience.Token) is { } body
                ? (new Answer((int)response.StatusCode, Answer.HeadersOf(call.Watch.Rules.Headers, name => ValueOf(response, name)), body), ShadowOutcome.Equal)
                : (null, ShadowOutcome.TooLarge);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return (null, ShadowOutcome.TimedOut);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (null, ShadowOutcome.ServiceError);
        }
    }

    public void Dispose()
    {
        foreach (var invoker in _invokers.Values.Where(i => i.IsValueCreated))
        {
            invoker.Value.Dispose();
        }
    }

    private HttpRequestMessage Copy(ShadowedCall call, DestinationConfig destination)
    {
        var request = new HttpRequestMessage(new HttpMethod(call.Method), destination.Address.TrimEnd('/') + call.Target) { Version = PeerClients.Version, VersionPolicy = peers.VersionPolicy };
        foreach (var (name, value) in call.Headers)
        {
            // A client that speaks as a peer does must not be heard at the other end.
            if (!NotCopied.Contains(name) && !name.StartsWith(FacadeHeaders.PeerPrefix, StringComparison.OrdinalIgnoreCase) && !name.StartsWith(':'))
            {
                request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value);
            }
        }

        request.Headers.Host = destination.Host;
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", call.Host.Value);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", call.Scheme);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", call.Client?.ToString());
        request.Headers.TryAddWithoutValidation("traceparent", call.TraceParent);
        request.Headers.Add(FacadeHeaders.Shadow, "1");
        return request;
    }

    private static string? ValueOf(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(',', values) : null;

    /// <summary>Null where it is too long.</summary>
    private async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > _longest)
        {
            return null;
        }

        using var body = new MemoryStream();
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var chunk = new byte[16 * 1024];
        while (await stream.ReadAsync(chunk, cancellationToken) is var read and > 0)
        {
            if (body.Length + read > _longest)
            {
                return null;
            }

            body.Write(chunk, 0, read);
        }

        return body.ToArray();
    }
}
