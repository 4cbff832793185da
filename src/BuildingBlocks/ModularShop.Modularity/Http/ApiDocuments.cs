using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using ModularShop.Modularity.Modules;
using ModularShop.Modularity.Security;

namespace ModularShop.Modularity.Http;

/// <summary>An OpenAPI document per module and one for the whole, with a page to read and try them at <c>/openapi</c>.</summary>
public static class ApiDocuments
{
    private const string Whole = "shop";

    public static IServiceCollection AddApiDocuments(this IServiceCollection services, params IReadOnlyList<IModule> modules)
    {
        Add(services, Whole, "ModularShop", _ => true);
        foreach (var module in modules)
        {
            var schema = module.Name.ToLowerInvariant();
            Add(services, schema, module.Name, group => string.Equals(group, schema, StringComparison.Ordinal));
        }

        return services;
    }

    public static void MapApiDocuments(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").ForEveryone();
        app.UseSwaggerUI(ui =>
        {
            ui.RoutePrefix = "openapi";
            ui.DocumentTitle = "ModularShop API";
            ui.SwaggerEndpoint($"/openapi/{Whole}.json", "The whole shop");
            foreach (var module in app.Services.GetRequiredService<ModuleRegistry>().Modules)
            {
                ui.SwaggerEndpoint($"/openapi/{module.Schema}.json", module.Name);
            }

            foreach (var module in app.Services.GetRequiredService<ModuleRegistry>().Departed)
            {
                ui.SwaggerEndpoint($"/openapi/{module.Schema}.json", $"{module.Name} (its service)");
            }
        });
    }

    private static void Add(IServiceCollection services, string document, string title, Func<string?, bool> includes) =>
        services.AddOpenApi(document, options =>
        {
            options.ShouldInclude = description => includes(description.GroupName) && description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
            options.AddDocumentTransformer((api, _, _) =>
            {
                api.Info.Title = title;
                // An address is of where it is read: a service's is behind the facade.
                api.Servers?.Clear();
                api.Info.Version = "v1";
                api.Components ??= new OpenApiComponents();
                api.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
                api.Components.SecuritySchemes["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" };
                api.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", api)] = [] }];
                return Task.CompletedTask;
            });
        });
}
