using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModularShop.Cli.Rehearse;

/// <param name="Path">Below <c>/api/v1/</c>.</param>
/// <param name="Key">The idempotency key; null where repeating is harmless by itself.</param>
/// <param name="Done">What an answer says where a request that got none was carried out after all.</param>
internal sealed record Request(HttpMethod Method, string Path, object? Body = null, string? Token = null, string? Key = null, HttpStatusCode? Done = null)
{
    public static Request Get(string path, string? token = null) => new(HttpMethod.Get, path, null, token);
}

/// <summary>
/// A client as a shop's clients are: where nobody answers, the connection breaks, or a 5xx comes that is worth another
/// try, it asks the same again until it has its answer. Whatever it asks may be repeated.
/// </summary>
internal sealed class Caller : IDisposable
{
    /// <summary>On a machine that is busy with other things a host needs its time to start again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan PerTry = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Recorder _recorder;
    private readonly HttpClient _http;

    public Caller(Uri address, Recorder recorder)
    {
        _recorder = recorder;
#pragma warning disable RS0030 // one client, one address: no factory is needed
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2), UseProxy = false, UseCookies = false, AllowAutoRedirect = false })
#pragma warning restore RS0030
        {
            BaseAddress = new Uri(address, "api/v1/"),
            Timeout = PerTry,
        };
    }

    /// <summary>Asks, and records the request.</summary>
    /// <returns>The answer's JSON, an empty object where it has none; null where there was none that is good, which is recorded.</returns>
    public async Task<JsonNode?> AskAsync(Request request, CancellationToken cancellationToken)
    {
        var began = _recorder.Now;
        var (status, text) = await RepeatAsync(request, Patience, cancellationToken);
        var isOk = status is >= 200 and < 300 || status == (int?)request.Done;
        _recorder.Samples.Enqueue(new Sample(began, _recorder.Now - began, request.Method != HttpMethod.Get, isOk));
        if (isOk)
        {
            return Read(text);
        }

        _recorder.Violated(Violation.Failed, $"{request.Method} {request.Path}: {(status == 0 ? text : $"{status} {text}")}");
        return null;
    }

    /// <summary>Asks beside the load: nothing is recorded.</summary>
    /// <returns>Status and text of the answer; status 0 where there is none within the time.</returns>
    public Task<(int Status, string Text)> TellAsync(Request request, TimeSpan patience, CancellationToken cancellationToken) => RepeatAsync(request, patience, cancellationToken, isLoad: false);

    public void Dispose() => _http.Dispose();

    public static JsonNode? Read(string text)
    {
        try
        {
            return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<(int Status, string Text)> RepeatAsync(Request request, TimeSpan patience, CancellationToken cancellationToken, bool isLoad = true)
    {
        var until = _recorder.Now + patience;
        while (true)
        {
            string failure;
            try
            {
                using var message = new HttpRequestMessage(request.Method, request.Path);
                message.Content = request.Body is null ? null : JsonContent.Create(request.Body, request.Body.GetType());
                message.Headers.Authorization = request.Token is null ? null : new AuthenticationHeaderValue("Bearer", request.Token);
                if (request.Key is not null)
                {
                    message.Headers.Add("Idempotency-Key", request.Key);
                }

                using var response = await _http.SendAsync(message, cancellationToken);
                var text = await response.Content.ReadAsStringAsync(cancellationToken);
                if (response.StatusCode is not (HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout) || _recorder.Now > until)
                {
                    return ((int)response.StatusCode, text);
                }

                failure = text;
            }
            catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                failure = e.Message;
            }

            if (_recorder.Now > until)
            {
                return (0, $"no answer within {patience.TotalSeconds} s: {failure}");
            }

            if (isLoad)
            {
                _recorder.Repeat();
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }
}
