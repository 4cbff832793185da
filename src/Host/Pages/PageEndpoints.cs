using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Cors;

namespace ModularShop.Host.Pages;

internal static class PageEndpoints
{
    /// <summary>Everything a page loads or calls is of this site.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>A group of pages and their forms' handlers: sessions by cookie, which are no other origin's though it may call the API, and a policy for the browser.</summary>
    public static RouteGroupBuilder MapPages(this IEndpointRouteBuilder app, [StringSyntax("Route")] string prefix = "")
    {
        var pages = app.MapGroup(prefix).WithMetadata(new PageMetadata(), new DisableCorsAttribute()).ExcludeFromDescription();
        pages.AddEndpointFilter(static (context, next) =>
        {
            SetPolicy(context.HttpContext);
            return next(context);
        });
        return pages;
    }

    public static void SetPolicy(HttpContext http) => http.Response.Headers.ContentSecurityPolicy = Policy;
}
