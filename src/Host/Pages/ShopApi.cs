using System.Text.Json;
using System.Text.Json.Serialization;
using ModularShop.Facade;

namespace ModularShop.Host.Pages;

/// <summary>The API, asked in the name of who looks at a page.</summary>
public sealed class ShopApi
{
    private const int LongestCookie = 500;

    private const string AnsweredByHeader = "X-Answered-By";

    private static readonly string[] Handed = ["X-Canary", "User-Agent"];

    /// <summary>By which the facade tells visitors apart, and knows what somebody has just written.</summary>
    private static readonly string[] HandedCookies = ["shop-visitor", "shop-written"];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    private readonly SortedDictionary<string, string> _answeredBy = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly ApiWithin _within;
    private readonly HttpContext _http;

    internal ShopApi(ApiWithin within, HttpContext http)
    {
        (_within, _http) = (within, http);
        // Whatever a page asks first, and at the same time, is asked by one visitor.
        http.Features.Set(new FirstVisit());
    }

    /// <summary>Which of the host and the services answered what this page asked, by module.</summary>
    public IReadOnlyDictionary<string, string> AnsweredBy => _answeredBy;

    /// <param name="patience">For what a page can do without: how long it is waited for.</param>
    /// <param name="takes">A status of failure whose body is what is asked for all the same.</param>
    public Task<ApiAnswer<T>> GetAsync<T>(string target, TimeSpan? patience = null, int? takes = null) =>
        SendAsync<T>(HttpMethods.Get, target, body: null, patience: patience, takes: takes);

    /// <param name="patience">For what a page can do without: how long it is waited for.</param>
    public Task<ApiAnswer<T>> PostAsync<T>(string target, object? body = null, string? idempotencyKey = null, TimeSpan? patience = null) =>
        SendAsync<T>(HttpMethods.Post, target, body, idempotencyKey, patience);

    public Task<ApiAnswer<T>> PutAsync<T>(string target, object body) => SendAsync<T>(HttpMethods.Put, target, body);

    public Task<ApiAnswer<T>> DeleteAsync<T>(string target, object? body = null) => SendAsync<T>(HttpMethods.Delete, target, body);

    /// <summary>A segment of an address.</summary>
    public static string Segment(string text) => Uri.EscapeDataString(text);

    /// <summary>The query of an address, without the parts that are null or empty; empty itself where all of them are.</summary>
    public static string Query(params IEnumerable<(string Name, string? Value)> parts)
    {
        var query = string.Join('&', parts.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));
        return query.Length == 0 ? "" : "?" + query;
    }

    private async Task<ApiAnswer<T>> SendAsync<T>(string method, string target, object? body, string? idempotencyKey = null, TimeSpan? patience = null, int? takes = null)
    {
        IHeaderDictionary headers = new HeaderDictionary();
        headers.Host = _http.Request.Host.Value;
        headers.Accept = "application/json";
        if (_http.Request.Headers.Authorization is [{ } authorization])
        {
            headers.Authorization = authorization;
        }

        var cookies = PageCookies.Of(_http);
        if (string.Join("; ", HandedCookies.Where(c => cookies[c] is { Length: <= LongestCookie }).Select(c => $"{c}={Uri.EscapeDataString(cookies[c]!)}")) is { Length: > 0 } known)
        {
            headers.Cookie = known;
        }

        foreach (var name in Handed.Where(_http.Request.Headers.ContainsKey))
        {
            headers[name] = _http.Request.Headers[name];
        }

        if (idempotencyKey is not null)
        {
            headers["Idempotency-Key"] = idempotencyKey;
        }

        byte[] sent = [];
        if (body is not null)
        {
            sent = JsonSerializer.SerializeToUtf8Bytes(body, Json);
            headers.ContentType = "application/json";
            headers.ContentLength = sent.Length;
        }

        var response = await _within.SendAsync(_http, method, target, headers, sent, patience);
        Note(target, response.Headers);
        if (response.Status >= 400 && response.Status != takes)
        {
            return new ApiAnswer<T>(response.Status, default, ProblemIn(response));
        }

        return new ApiAnswer<T>(response.Status, response.Body.Length == 0 ? default : JsonSerializer.Deserialize<T>(response.Body.Span, Json), Problem: null);
    }

    private static ApiProblem ProblemIn(ApiResponse response)
    {
        if (response.Status == StatusCodes.Status429TooManyRequests)
        {
            // What the API says of headers is for programs.
            return new ApiProblem(response.Status, "too_many_requests", "Too many requests. Please wait a minute, then try again.");
        }

        try
        {
            if (response.Body.Length > 0 && JsonSerializer.Deserialize<ApiProblem>(response.Body.Span, Json) is { Detail: not null } problem)
            {
                return problem with { Status = response.Status };
            }
        }
        catch (JsonException)
        {
            // From a service that is not ours.
        }

        return new ApiProblem(response.Status, "unknown", response.Status >= 500 ? "That does not work at the moment. Please try again." : "That was refused.");
    }

    /// <summary>What concerns the page's own client: its cookies, and who answered.</summary>
    private void Note(string target, IHeaderDictionary headers)
    {
        lock (_lock)
        {
            if (headers[AnsweredByHeader] is [{ } by] && target.Split('/') is ["", "api", _, { } module, ..])
            {
                _answeredBy[module] = by.Split(';')[0];
            }
        }

        PageCookies.Of(_http).Take(headers.SetCookie);
    }
}

/// <summary>What the API answered: a value, or a problem.</summary>
/// <param name="Value">Null also where the answer has no body.</param>
public sealed record ApiAnswer<T>(int Status, T? Value, ApiProblem? Problem)
{
    /// <summary>For pages that have nothing to say without it.</summary>
    /// <exception cref="ApiRefusedException">The API refused it: the page shows why.</exception>
    public T Needed() => Problem is { } problem ? throw new ApiRefusedException(problem)
        : Value ?? throw new InvalidOperationException($"The API answered {Status} without a body.");

    /// <summary>The value, or nothing where the API says that there is none.</summary>
    /// <exception cref="ApiRefusedException">It was refused for another reason.</exception>
    public T? OrNone() => Status == StatusCodes.Status404NotFound ? default : Needed();

    /// <summary>Why it was refused, for the form that was sent to say; null where it was not.</summary>
    /// <exception cref="ApiRefusedException">It failed, and nothing that could be typed would mend it: the error page says so.</exception>
    public ApiProblem? Refusal() => Problem is { Status: >= 500 } failed ? throw new ApiRefusedException(failed) : Problem;

    /// <exception cref="ApiRefusedException">The API refused it.</exception>
    public void Done()
    {
        if (Problem is { } problem)
        {
            throw new ApiRefusedException(problem);
        }
    }
}

/// <summary>Why the API refused something.</summary>
/// <param name="Detail">A sentence for people.</param>
/// <param name="Errors">What is wrong with each field of the request.</param>
public sealed record ApiProblem(int Status, string Code, string Detail, IReadOnlyDictionary<string, string[]>? Errors = null)
{
    /// <summary>What is wrong with one field, whatever its case.</summary>
    public string? Of(string field) => Errors?.FirstOrDefault(e => e.Key.Equals(field, StringComparison.OrdinalIgnoreCase)).Value is { Length: > 0 } said ? string.Join(' ', said) : null;
}

/// <summary>A page cannot be shown, or an action not done, because the API refused what it needs.</summary>
public sealed class ApiRefusedException(ApiProblem problem) : Exception(problem.Detail)
{
    public ApiProblem Problem => problem;
}
