using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Pages;

/// <summary>Style sheets and scripts, part of the program: they are there wherever it runs from, and change with it alone.</summary>
internal static class PageAssets
{
    private static readonly FrozenDictionary<string, Asset> All = Load();

    /// <summary>The address of an asset's present content: what is kept under it never changes.</summary>
    public static string Url(string name) => $"/assets/{name}?v={All[name].Version}";

    public static void MapAssets(this IEndpointRouteBuilder app) => app.MapGet("/assets/{name}", Get).WithName("Pages.GetAsset").ExcludeFromDescription().ForEveryone();

    private static Results<FileContentHttpResult, NotFound> Get(string name, string? v, HttpResponse response)
    {
        if (!All.TryGetValue(name, out var asset))
        {
            return TypedResults.NotFound();
        }

        response.Headers.CacheControl = v == asset.Version ? "public, max-age=31536000, immutable" : "no-cache";
        return TypedResults.File(asset.Content, asset.Type, entityTag: new EntityTagHeaderValue($"\"{asset.Version}\""));
    }

    private static FrozenDictionary<string, Asset> Load()
    {
        const string folder = "ModularShop.Host.Assets.";
        var assembly = typeof(PageAssets).Assembly;
        return assembly.GetManifestResourceNames().Where(n => n.StartsWith(folder, StringComparison.Ordinal)).ToFrozenDictionary(n => n[folder.Length..], n =>
        {
            using var stream = assembly.GetManifestResourceStream(n)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return new Asset(content, TypeOf(n), Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6)));
        }, StringComparer.Ordinal);
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"No asset ends with {other}."),
    };

    private sealed record Asset(byte[] Content, string Type, string Version);
}
