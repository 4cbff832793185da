using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ModularShop.Modularity.Http;

/// <summary>
/// Answers of an endpoint are kept, and given to who asks the same, until what they are made of changes. For endpoints that
/// say the same to everybody who bears no token.
/// </summary>
/// <remarks>
/// Kept where they are made, and only while this process owns the module's data: who owns it commits its changes, and so
/// knows of them. Part of what an answer is found by: the versions of its tags, who answers by which revision of the routing
/// and the epoch of the ownership; so neither a change nor a flip is ever hidden by it.
/// </remarks>
internal sealed class KeptAnswers(string module, Func<RouteValueDictionary, AnswerTag>? one, AnswerTag[] tags) : IOutputCachePolicy
{
    private static readonly string[] Names = ["tag0", "tag1", "tag2", "tag3", "tag4", "tag5", "tag6", "tag7"];

    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var http = context.HttpContext;
        var cache = http.RequestServices.GetRequiredService<AnswerCache>();
        context.EnableOutputCaching = context.AllowCacheLookup = context.AllowCacheStorage =
            cache.MaxAge > TimeSpan.Zero && IsForEverybody(http) && cache.Ownerships.IsHere(module);
        if (!context.EnableOutputCaching)
        {
            return ValueTask.CompletedTask;
        }

        // Who waits for somebody else's answer would fail with it.
        context.AllowLocking = false;
        context.ResponseExpirationTimeSpan = cache.MaxAge;
        var rules = context.CacheVaryByRules;
        rules.QueryKeys = "*";
        var values = rules.VaryByValues;
        values["answered-by"] = http.Response.Headers[AnsweredBy].ToString();
        values["epoch"] = cache.Ownerships.Of(module).Epoch.ToString(CultureInfo.InvariantCulture);
        for (var i = 0; i < tags.Length; i++)
        {
            values[Names[i]] = cache.Versions.Of(tags[i]);
        }

        if (one is not null)
        {
            values["one"] = cache.Versions.Of(one(http.Request.RouteValues));
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var response = context.HttpContext.Response;
        context.AllowCacheStorage &= response.StatusCode == StatusCodes.Status200OK && response.Headers.SetCookie.Count == 0;
        return ValueTask.CompletedTask;
    }

    /// <summary>The answer to a copy is compared with a fresh one, and must be fresh too.</summary>
    private static bool IsForEverybody(HttpContext http) =>
        (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        && http.Request.Headers.Authorization.Count == 0 && http.User.Identity?.IsAuthenticated != true && !http.Request.Headers.ContainsKey(Copy);

    /// <summary>Set by the facade before the endpoint is run.</summary>
    private const string AnsweredBy = "X-Answered-By";

    private const string Copy = "X-Shop-Shadow";
}

public static class KeptAnswersOfEndpoints
{
    /// <summary>The same question gets the same answer, whoever asks it, until something with one of the tags changes; at most eight of them.</summary>
    public static RouteHandlerBuilder KeptUntilChanged(this RouteHandlerBuilder endpoint, params AnswerTag[] tags) => endpoint.Keep(null, tags);

    /// <param name="one">The tag of what the address names.</param>
    public static RouteHandlerBuilder KeptUntilChanged(this RouteHandlerBuilder endpoint, Func<RouteValueDictionary, AnswerTag> one, params AnswerTag[] tags) =>
        endpoint.Keep(one, tags);

    private static RouteHandlerBuilder Keep(this RouteHandlerBuilder endpoint, Func<RouteValueDictionary, AnswerTag>? one, AnswerTag[] tags)
    {
        endpoint.Finally(builder => builder.Metadata.Add(new KeptAnswers(
            builder.Metadata.OfType<Microsoft.AspNetCore.Routing.IEndpointGroupNameMetadata>().Last().EndpointGroupName, one, tags)));
        return endpoint;
    }
}
