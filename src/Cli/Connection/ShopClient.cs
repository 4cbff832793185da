using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModularShop.Cli.Connection;

/// <summary>Sends requests to the shop, with the token there is for it.</summary>
internal sealed class ShopClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    private readonly Uri _address;
    private readonly HttpClient _http;
    private readonly Credentials _credentials;

    public ShopClient(Uri address)
    {
        _address = address;
#pragma warning disable RS0030 // one client, one address, a few requests: no factory is needed
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !address.IsLoopback, ConnectTimeout = TimeSpan.FromSeconds(10) })
#pragma warning restore RS0030
        {
            BaseAddress = address,
            Timeout = Patience,
        };
        _credentials = new Credentials(this, address);
    }

    public static string NameOf(Uri address) => address.AbsoluteUri.TrimEnd('/');

    /// <summary>Sends with the operator's token; returns the answer's JSON, empty where it has none.</summary>
    /// <exception cref="CommandFailure">The shop refused, or does not answer.</exception>
    public async Task<string> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        var token = await _credentials.FindAsync(cancellationToken);
        var (status, text) = await ExchangeAsync(method, path, body, token?.Value, cancellationToken);
        if (status is HttpStatusCode.Unauthorized && token is { Source: TokenSource.LogIn })
        {
            // Expired by the shop's clock, or signed with a key that was replaced.
            token = await _credentials.RefreshAsync(token.Value, cancellationToken);
            (status, text) = await ExchangeAsync(method, path, body, token?.Value, cancellationToken);
        }

        return status switch
        {
            HttpStatusCode.Unauthorized => throw CommandFailure.Refused(_credentials.WhyNotKnown(token)),
            HttpStatusCode.Forbidden => throw CommandFailure.Refused(
                $"{Credentials.Whose(token)} is not an operator's, and {NameOf(_address)} lets only operators do this: log in as one with ./shop login."),
            _ => Checked(status, text),
        };
    }

    /// <summary>Sends without a token.</summary>
    /// <exception cref="CommandFailure">The shop refused, or does not answer.</exception>
    public async Task<string> SendAnonymouslyAsync(string path, object body, CancellationToken cancellationToken)
    {
        var (status, text) = await ExchangeAsync(HttpMethod.Post, path, body, token: null, cancellationToken);
        return Checked(status, text);
    }

    /// <summary>How the shop says that it is: JSON, whether it is well or not.</summary>
    /// <exception cref="CommandFailure">Nobody answers.</exception>
    public async Task<string> HealthAsync(CancellationToken cancellationToken) =>
        (await ExchangeAsync(HttpMethod.Get, "health/ready", body: null, token: null, cancellationToken)).Text;

    public void Dispose() => _http.Dispose();

    private string Checked(HttpStatusCode status, string text) => (int)status is >= 200 and < 300 ? text : throw CommandFailure.Refused(Explain(status, text));

    private async Task<(HttpStatusCode Status, string Text)> ExchangeAsync(HttpMethod method, string path, object? body, string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: Web);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            throw CommandFailure.Unreachable(
                $"No shop answers at {NameOf(_address)}: start it with 'dotnet run --project src/Host', or say where it is with --url.");
        }
        catch (HttpRequestException e)
        {
            throw CommandFailure.Unreachable($"{NameOf(_address)} did not answer as a shop does ({e.InnerException?.Message ?? e.Message}): say where the shop is with --url.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw CommandFailure.Unreachable($"{NameOf(_address)} did not answer within {Patience.TotalSeconds} s: see its log, or say where the shop is with --url.");
        }
    }

    private string Explain(HttpStatusCode status, string text)
    {
        try
        {
            if (JsonNode.Parse(text) is JsonObject problem && problem["detail"]?.GetValue<string>() is { Length: > 0 } detail)
            {
                // What the shop says to who speaks HTTP, in the words of who types a command.
                detail = detail.Replace("'GET /api/v1/routes' lists", "'./shop routes list' shows", StringComparison.Ordinal);
                var fields = problem["errors"] is JsonObject errors
                    ? errors.SelectMany(e => e.Value is JsonArray all ? all.Select(m => $"{e.Key}: {m}") : [$"{e.Key}: {e.Value}"])
                    : [];
                return string.Join(Environment.NewLine, new[] { detail, string.Join(' ', fields) }.Where(l => l.Length > 0));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No problem details: something else than a shop answered, or something in between.
        }

        return $"{NameOf(_address)} answered {(int)status} without saying why: it may be no shop, or an older one. Say where the shop is with --url.";
    }
}
