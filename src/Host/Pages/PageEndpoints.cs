using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Cors;
using ModularShop.Modularity.Security;

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

    /// <summary>Where forms are sent and nothing is to be seen: whoever comes by the address, as after a reload or a log-in, is led to the page of the form.</summary>
    public static void MapFormsOf(this IEndpointRouteBuilder pages, string page, params IEnumerable<string> forms)
    {
        foreach (var form in forms)
        {
            pages.MapGet(form, (Visit visit) => visit.Go(page)).ForEveryone();
        }
    }

    public static void SetPolicy(HttpContext http) => http.Response.Headers.ContentSecurityPolicy = Policy;
}
