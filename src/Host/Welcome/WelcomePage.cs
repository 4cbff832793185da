using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using ModularShop.Modularity.Modules;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Welcome;

/// <summary>The page at <c>/developers</c>: what runs, and where everything is.</summary>
internal static class WelcomePage
{
    public static void MapWelcome(this WebApplication app) => app.MapGet("/developers", Show).WithName("Host.Welcome").ExcludeFromDescription().ForEveryone();

    private static ContentHttpResult Show(ModuleRegistry modules, EndpointDataSource endpoints, IConfiguration configuration, IHostEnvironment environment)
    {
        var names = endpoints.Endpoints.Select(e => e.Metadata.GetMetadata<EndpointNameMetadata>()?.EndpointName).OfType<string>().ToList();
        var page = new StringBuilder("""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>ModularShop</title>
            <style>:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:46rem;margin:2rem auto;padding:0 1rem}
            table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #8886}code{font-family:ui-monospace,monospace}</style></head>
            <body><main><h1>ModularShop</h1><p>A modular monolith whose modules can become services, one endpoint at a time. This process runs:</p>
            <table><thead><tr><th scope="col">Module</th><th scope="col">Endpoints</th><th scope="col">API</th></tr></thead><tbody>
            """);
        foreach (var module in modules.Modules)
        {
            var count = names.Count(n => n.StartsWith(module.Name + ".", StringComparison.Ordinal));
            page.Append($"<tr><td>{Encode(module.Name)}</td><td>{count}</td><td><a href=\"/openapi/{Encode(module.Schema)}.json\">OpenAPI document</a></td></tr>");
        }

        foreach (var module in modules.Departed)
        {
            page.Append($"<tr><td>{Encode(module.Name)}, in its service alone</td><td>{module.Manifest.Endpoints.Count}</td><td><a href=\"/openapi/{Encode(module.Schema)}.json\">OpenAPI document</a></td></tr>");
        }

        page.Append("</tbody></table><h2>Where to go</h2><ul>");
        foreach (var (address, text) in new[]
        {
            ("/", "The shop"),
            ("/console", "The console, for operators"),
            ("/openapi", "Read and try the API"),
            ("/api/v1/catalog/products", "The products, as JSON"),
            ("/health/ready", "Is every database reachable?"),
            ("/health/live", "Does the process answer?"),
        })
        {
            page.Append($"<li><a href=\"{address}\"><code>{address}</code></a> {text}</li>");
        }

        page.Append("</ul>");
        if (environment.IsDevelopment() && WelcomeText.DemoAccounts(configuration).ToList() is { Count: > 0 } accounts)
        {
            page.Append("<h2>Demo accounts</h2><ul>");
            foreach (var (role, email, password) in accounts)
            {
                page.Append($"<li>{Encode(role)}: <code>{Encode(email)}</code>, password <code>{Encode(password)}</code></li>");
            }

            page.Append("</ul>");
        }

        return TypedResults.Content(page.Append("</main></body></html>").ToString(), "text/html; charset=utf-8");
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
