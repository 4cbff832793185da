using System.Xml.Linq;

namespace ModularShop.Boundaries.Engine;

/// <summary>A .csproj, .props or .targets file.</summary>
internal sealed record ProjectFile(string Path, XDocument Xml)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public bool IsProject => Path.EndsWith(".csproj", StringComparison.Ordinal);

    public static ProjectFile Parse(string path, string xml) => new(path, XDocument.Parse(xml, LoadOptions.PreserveWhitespace));

    public IEnumerable<string> Includes(string item) => Xml.Descendants(item)
        .Select(e => (string?)e.Attribute("Include"))
        .OfType<string>()
        .SelectMany(include => include.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .Select(include => include.Replace('\\', '/'));

    /// <summary>The names of the projects it refers to, whatever path leads to them.</summary>
    public IEnumerable<string> ProjectReferences => Includes("ProjectReference").Select(System.IO.Path.GetFileNameWithoutExtension).OfType<string>();
}
