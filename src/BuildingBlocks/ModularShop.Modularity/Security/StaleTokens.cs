using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ModularShop.Modularity.Security;

/// <summary>
/// Who logged in and comes with a token that has expired is answered 401 where it matters who they are: taken for a
/// stranger, they would not find their own cart, or begin another one.
/// </summary>
internal static class StaleTokens
{
    public static object Metadata { get; } = new Marker();

    public static void RefuseStaleTokens(this IApplicationBuilder app) => app.Use(static (context, next) =>
        context.GetEndpoint()?.Metadata.GetMetadata<Marker>() is not null && context.Request.Headers.Authorization.Count > 0 && context.User.Identity is not { IsAuthenticated: true }
            ? context.ChallengeAsync()
            : next(context));

    private sealed class Marker;
}
