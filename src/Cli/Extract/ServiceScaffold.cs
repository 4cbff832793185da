using System.Reflection;

namespace ModularShop.Cli.Extract;

/// <summary>The files of a module's service, and where they are.</summary>
/// <param name="Source">The way from the folder to <c>src</c>.</param>
/// <param name="Listen">Where the service listens for its peers.</param>
internal sealed record ServiceScaffold(string Module, string Folder, string Source, Uri Listen, bool IsInRepository)
{
    public string Project => Path.Combine(Folder, $"ModularShop.{Module}.Service.csproj");

    /// <summary>Each file's path and content.</summary>
    public IEnumerable<(string Path, string Text)> Files()
    {
        yield return (Project, Text("Service.csproj"));
        yield return (In("Program.cs"), WithSortedUsings(Text("Program.cs")));
        yield return (In("appsettings.json"), Text("appsettings.json"));
        yield return (In("Properties/launchSettings.json"), Text("launchSettings.json"));
        yield return IsInRepository
            ? (In("Dockerfile"), Text("Dockerfile"))
            : (In("Directory.Build.props"), Text("Directory.Build.props"));

        string In(string path) => Path.Combine([Folder, .. path.Split('/')]);
    }

    public static ServiceScaffold InRepository(string module)
    {
        var folder = Path.Combine(ServicePorts.Extracted, module);
        return new ServiceScaffold(module, folder, "../..", ServicePorts.Of(module, folder), IsInRepository: true);
    }

    public static ServiceScaffold In(string folder, string module) =>
        new(module, folder, Path.Combine(Repository.Root, "src").Replace('\\', '/'), ServicePorts.Of(module, folder), IsInRepository: false);

    private string Text(string template)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{template}.template")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n")
            .Replace("{{Module}}", Module, StringComparison.Ordinal)
            .Replace("{{module}}", Module.ToLowerInvariant(), StringComparison.Ordinal)
            .Replace("{{Source}}", Source, StringComparison.Ordinal)
            .Replace("{{Listen}}", Listen.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
    }

    /// <summary>Where a module's namespace stands among the others depends on its name.</summary>
    private static string WithSortedUsings(string text)
    {
        var lines = text.Split('\n');
        var usings = lines.TakeWhile(l => l.StartsWith("using ", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        return string.Join('\n', [.. usings, .. lines.Skip(usings.Count)]);
    }
}
