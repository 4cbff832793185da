using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace ModularShop.Host.Storefront;

/// <summary>
/// Products are drawn, not photographed: a shape by what the name says that it is, in colours by the sku. The same product
/// looks the same everywhere and always, and a new one has a picture at once.
/// </summary>
internal static class ProductPicture
{
    private const string Folder = "ModularShop.Host.Shapes.";

    /// <summary>What can be drawn, each as SVG whose colours are variables.</summary>
    private static readonly FrozenDictionary<string, string> Shapes = LoadShapes();

    /// <summary>Of the shapes: a kept picture is good until they change.</summary>
    private static readonly string Version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(Shapes.OrderBy(s => s.Key, StringComparer.Ordinal)))).AsSpan(0, 4));

    /// <summary>Colours that are the same in all pictures: wood, metal, white, and what is dark.</summary>
    private static readonly (string Name, string Colour)[] Materials =
        [("o", "#c99a68"), ("p", "#8f6440"), ("m", "#c3ccd1"), ("g", "#93a0a6"), ("w", "#fffaf2"), ("k", "#39434a")];

    public static string Url(string sku, string name) => $"/pictures/{Uri.EscapeDataString(sku)}.svg?kind={PictureKinds.Of(sku, name)}&v={Version}";

    public static bool IsPresent(string? version) => version == Version;

    /// <param name="kind">Null or none of the shapes: something is drawn all the same, by the sku.</param>
    public static string Draw(string sku, string? kind)
    {
        var hash = BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(sku.Trim().ToUpperInvariant())));
        var palette = Palette.All[(int)(hash % (uint)Palette.All.Count)];
        var shape = Shapes.GetValueOrDefault(kind ?? "") ?? Shapes[PictureKinds.Of(sku, "")];
        foreach (var (name, colour) in palette.Colours.Concat(Materials))
        {
            shape = shape.Replace($"var(--{name})", colour, StringComparison.Ordinal);
        }

        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200" width="400" height="400"><rect width="200" height="200" fill="{palette.Ground}"/>
            <circle cx="{60 + (hash >> 8) % 80}" cy="{60 + (hash >> 16) % 60}" r="{78 + (hash >> 24) % 24}" fill="{palette.Glow}"/>
            <ellipse cx="100" cy="166" rx="74" ry="8" fill="#000" opacity=".1"/>{shape}</svg>
            """;
    }

    private static FrozenDictionary<string, string> LoadShapes()
    {
        var assembly = typeof(ProductPicture).Assembly;
        XNamespace svg = "http://www.w3.org/2000/svg";
        return assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).SelectMany(n =>
        {
            using var stream = assembly.GetManifestResourceStream(n)!;
            return XDocument.Load(stream).Root!.Elements(svg + "symbol").ToList();
        }).ToFrozenDictionary(
            s => (string)s.Attribute("id")!,
            s => string.Concat(s.Elements().Select(e => e.ToString(SaveOptions.DisableFormatting))).Replace(" xmlns=\"http://www.w3.org/2000/svg\"", "", StringComparison.Ordinal),
            StringComparer.Ordinal);
    }

    /// <param name="Ground">Behind the product.</param>
    /// <param name="Glow">Around it.</param>
    private sealed record Palette(string Ground, string Glow, IReadOnlyList<(string Name, string Colour)> Colours)
    {
        public static readonly IReadOnlyList<Palette> All =
        [
            Of("#e3efe9", "#f1f8f4", "#2f7d69", "#1f5a4b", "#8cc5b2", "#f0b24a"),
            Of("#fbeee0", "#fff8ef", "#c9653b", "#9a4724", "#f0b493", "#3f7f86"),
            Of("#e6ecf6", "#f3f7fc", "#3d68a8", "#294a7c", "#a3bfe4", "#eda14b"),
            Of("#f6e7ea", "#fdf4f5", "#b3506b", "#85354c", "#e6a9b8", "#5b8f83"),
            Of("#eef0dd", "#f8f9ee", "#7d8a35", "#5a6423", "#c6cf8d", "#c8643f"),
            Of("#ece8f5", "#f7f4fb", "#6c59a6", "#4c3d7c", "#b9acdd", "#e7a94e"),
            Of("#e0f0f2", "#f0f9fa", "#2b8795", "#1b616c", "#90cad2", "#e5704f"),
            Of("#faf0d8", "#fff9eb", "#d39a2a", "#9f7116", "#f1d28d", "#4a6f8c"),
            Of("#ebe7e2", "#f7f4f0", "#6b5b4d", "#4a3e34", "#bfae9e", "#cf7f4d"),
            Of("#e4eae0", "#f3f6f0", "#557a4b", "#3b5833", "#a9c69e", "#d8a13f"),
        ];

        private static Palette Of(string ground, string glow, string main, string dark, string light, string other) =>
            new(ground, glow, [("a", main), ("b", dark), ("c", light), ("d", other), ("e", ground)]);
    }
}
