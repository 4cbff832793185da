using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace ModularShop.Facade;

/// <summary>A request that the monolith has answered, with its answer; nothing in it belongs to the request any more.</summary>
/// <param name="Target">Path and query, as the client sent them.</param>
/// <param name="IsOfEndpoint">Whether the endpoint itself wrote the answer, and not the page of an error or a bare status around it.</param>
internal sealed record ShadowedCall(
    Route Route, ShadowWatch Watch, DateTimeOffset At, string Method, string Scheme, HostString Host, PathString Path, QueryString Query, string Target,
    KeyValuePair<string, StringValues>[] Headers, RouteValueDictionary Values, ClaimsPrincipal User, System.Net.IPAddress? Client, string? TraceParent,
    string? TraceId, Answer Answer, bool IsOfEndpoint)
{
    /// <summary>About what it holds while it waits.</summary>
    public int Bytes { get; } = 1024 + Answer.Body.Length + (2 * (Target.Length + Headers.Sum(h => h.Key.Length + h.Value.Sum(v => v?.Length ?? 0))));
}
