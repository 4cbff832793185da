using Microsoft.AspNetCore.Http;

namespace ModularShop.Facade;

/// <summary>On the measure <c>http.server.request.duration</c> of a request that went to a service: who answered it in the end.</summary>
internal static class AnswerTags
{
    public const string AnsweredBy = "modularshop.answered_by";

    /// <summary>The monolith answered in place of a service that could not.</summary>
    public const string Fallback = "modularshop.fallback";

    public const string Service = "service";

    private const string Monolith = "monolith";

    public static async Task AddAsync(Task answering, HttpContext http, ICollection<KeyValuePair<string, object?>> tags)
    {
        try
        {
            await answering;
        }
        finally
        {
            tags.Add(new(AnsweredBy, http.GetEndpoint()?.Metadata.GetMetadata<LocalEndpoint>() is null ? Service : Monolith));
            if (http.Response.Headers.ContainsKey(FacadeHeaders.Fallback))
            {
                tags.Add(new(Fallback, true));
            }
        }
    }
}
