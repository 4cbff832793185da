using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ModularShop.Modularity.Deployables;

namespace ModularShop.Facade;

/// <summary>Answers a write that was forwarded to a process that does not own the data: nothing has happened, and why.</summary>
internal static class RefusedWrite
{
    public static Endpoint Endpoint { get; } = new(AnswerAsync, new EndpointMetadataCollection(new AllowAnonymousAttribute()), "Not the owner");

    private static Task AnswerAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.Headers.RetryAfter = "1";
        http.Response.Headers[FacadeHeaders.NotOwner] = http.Features.GetRequiredFeature<Ownership>().Epoch.ToString(CultureInfo.InvariantCulture);
        return Task.CompletedTask;
    }
}
