namespace EndToEnd.Tests.Crashes;

/// <summary>
/// A client that wants its answer: where a host is gone, silent, or says 503, it asks the next one the same again. The
/// idempotency key in the request is what makes that safe.
/// </summary>
internal sealed class FailOver(params IReadOnlyList<Uri> hosts) : HttpMessageHandler
{
    private static readonly TimeSpan PerTry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly HttpMessageInvoker _inner = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(1) });
    private int _host;
    private int _retries;
    private volatile string? _refused;

    /// <summary>Why the last request was repeated.</summary>
    public string? LastFailure { get; private set; }

    /// <summary>The last 503 that there was.</summary>
    public string? Refused => _refused;

    public int Retries => Volatile.Read(ref _retries);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? null : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        using var pace = new PeriodicTimer(Pause);
        do
        {
            var host = Volatile.Read(ref _host);
            if (await TryAsync(request, body, hosts[host % hosts.Count], cancellationToken) is { } response)
            {
                return response;
            }

            // Of all that fail at once, one moves on to the next host.
            Interlocked.CompareExchange(ref _host, host + 1, host);
            Interlocked.Increment(ref _retries);
        }
        while (!cancellationToken.IsCancellationRequested && await pace.WaitForNextTickAsync(CancellationToken.None));
        throw new OperationCanceledException($"Repeated until nobody waited for it any more, at last because of {LastFailure}", cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        _inner.Dispose();
        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage?> TryAsync(HttpRequestMessage request, byte[]? body, Uri host, CancellationToken cancellationToken)
    {
        using var copy = new HttpRequestMessage(request.Method, new Uri(host, request.RequestUri!.PathAndQuery));
        foreach (var header in request.Headers)
        {
            copy.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        if (body is not null)
        {
            copy.Content = new ByteArrayContent(body);
            copy.Content.Headers.ContentType = request.Content!.Headers.ContentType;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(PerTry);
        try
        {
            var response = await _inner.SendAsync(copy, limit.Token);
            if (response.StatusCode is not System.Net.HttpStatusCode.ServiceUnavailable)
            {
                await response.Content.LoadIntoBufferAsync(limit.Token);
                return response;
            }

            response.Headers.RetryAfter.ShouldNotBeNull();
            LastFailure = _refused = $"{request.Method} {copy.RequestUri}: {await response.Content.ReadAsStringAsync(limit.Token)}";
            response.Dispose();
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException && !cancellationToken.IsCancellationRequested)
        {
            LastFailure = $"{request.Method} {copy.RequestUri}: {e.Message}";
            return null;
        }
    }
}
