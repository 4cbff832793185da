using Microsoft.AspNetCore.DataProtection;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Examinations;

namespace ModularShop.Host.Pages;

/// <summary>Section <c>Pages</c>.</summary>
internal sealed record PagesOptions
{
    /// <summary>
    /// The folder of the keys by which forms are known for the shop's own; several hosts need one that they share. Unset:
    /// <c>keys/forms</c> in the data folder.
    /// </summary>
    public string? KeyFolder { get; init; }
}

/// <summary>What all pages have: their way to the API, sessions, forms, errors, style sheets and scripts.</summary>
internal static class PageServices
{
    public static void AddPages(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<PagesOptions>("Pages");
        services.AddExamination<PagesExamination>();
        services.AddSingleton<ApiWithin>();
        services.AddSingleton<LiveParts>();
        services.AddRazorComponents();
        services.AddAntiforgery(o =>
        {
            o.Cookie.Name = "shop-form";
            o.Cookie.SameSite = SameSiteMode.Strict;
            o.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            o.FormFieldName = "form-token";
            o.HeaderName = "X-Form-Token";
            // The edge sets a stricter one.
            o.SuppressXFrameOptionsHeader = true;
        });
        var options = builder.Configuration.GetSection("Pages").Get<PagesOptions>() ?? new PagesOptions();
        var dataFolder = builder.Configuration.GetValue("Database:DataFolder", new DatabaseOptions().DataFolder)!;
        var keys = Path.GetFullPath(options.KeyFolder ?? Path.Combine(dataFolder, "keys", "forms"), builder.Environment.ContentRootPath);
        services.AddDataProtection().SetApplicationName("ModularShop").PersistKeysToFileSystem(new DirectoryInfo(keys));
    }

    /// <summary>Before anything else: what pages ask goes through all that follows.</summary>
    public static void UseApiWithin(this WebApplication app) => app.Use(next =>
    {
        app.Services.GetRequiredService<ApiWithin>().Begin(next);
        return next;
    });

    public static void MapPageAssets(this WebApplication app)
    {
        app.UseAntiforgery();
        app.MapAssets();
    }
}
