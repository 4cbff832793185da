using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Http;

namespace ModularShop.Facade;

/// <summary>Answers a read that reached a process whose data is not good enough for it: the owner of the data has to be asked.</summary>
internal static class RefusedRead
{
    public static Endpoint Endpoint { get; } = new(AnswerAsync, new EndpointMetadataCollection(new AllowAnonymousAttribute()), "Stale");

    private static Task AnswerAsync(HttpContext http)
    {
        var reason = http.Features.GetRequiredFeature<StaleData>();
        http.Response.Headers[FacadeHeaders.Stale] = reason.Word;
        return new Failure(FacadeError.Stale.Because($"The data of {reason.Module} here cannot answer this ({reason.Word}): ask its owner.")).ExecuteAsync(http);
    }
}

/// <summary>Why data cannot answer a read.</summary>
/// <param name="Word">What is said between peers.</param>
internal sealed record StaleData(string Module, string Word)
{
    /// <summary>It does not follow the owner's, or is too far behind.</summary>
    public const string Behind = "behind";

    /// <summary>It has not got as far as what this client has written.</summary>
    public const string BeforeWrite = "before-write";
}
