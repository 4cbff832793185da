using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModularShop.Cli.Connection;
using ModularShop.Cli.Terminal;

namespace ModularShop.Cli;

/// <summary>The shop that a command talks to, and where it writes what it is told.</summary>
internal sealed class Shop(Uri address, Output output) : IDisposable
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    private readonly ShopClient _client = new(address);

    public Uri Address => address;

    public Output Output => output;

    public ShopClient Client => _client;

    /// <exception cref="CommandFailure">The address is none.</exception>
    public static Shop Of(ParseResult parsed)
    {
        var url = parsed.GetRequiredValue(GlobalOptions.Url);
        return Uri.TryCreate(url.TrimEnd('/') + '/', UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? new Shop(address, new Output(parsed.GetValue(GlobalOptions.Json)))
            : throw CommandFailure.Usage($"'{url}' is no address of a shop: --url (or SHOP_URL) is such as {GlobalOptions.DefaultUrl}.");
    }

    /// <summary>Asks as the operator, and shows the answer: as it is with <c>--json</c>, else as <paramref name="show"/> does.</summary>
    public async Task AskAsync<T>(HttpMethod method, string path, object? body, Action<T> show, CancellationToken cancellationToken)
    {
        var answer = await _client.SendAsync(method, path, body, cancellationToken);
        if (output.IsJson)
        {
            output.Json(answer);
        }
        else
        {
            show(Read<T>(answer));
        }
    }

    public Task AskAsync<T>(string path, Action<T> show, CancellationToken cancellationToken) => AskAsync(HttpMethod.Get, path, null, show, cancellationToken);

    public Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) => GetAsync<T>(HttpMethod.Get, path, null, cancellationToken);

    /// <summary>Asks, and shows nothing.</summary>
    public async Task<T> GetAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancellationToken) =>
        Read<T>(await _client.SendAsync(method, path, body, cancellationToken));

    /// <summary>Asks for what has no answer but that it is done.</summary>
    public async Task TellAsync(string path, object? body, string done, JsonObject json, CancellationToken cancellationToken)
    {
        await _client.SendAsync(HttpMethod.Post, path, body, cancellationToken);
        if (output.IsJson)
        {
            output.Json(json.ToJsonString());
        }
        else
        {
            output.Line(done);
        }
    }

    public void Dispose() => _client.Dispose();

    private T Read<T>(string answer)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(answer, Web) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw CommandFailure.Refused($"What {ShopClient.NameOf(address)} answered cannot be read: it is another version of the shop, or no shop. --json shows the answer as it is.");
        }
    }
}
