using System.Reflection;
using Mono.Cecil;

namespace ModularShop.Boundaries.Engine;

/// <summary>What the rules look at: the compiled modules and building blocks, the project files and the sources.</summary>
internal sealed record Solution
{
    /// <summary>The folder of ModularShop.sln.</summary>
    public static string Root { get; } = FindRoot();

    private static readonly Lazy<Solution> LazyShop = new(() => Read(Root) with { Host = AssemblyFiles.Read("ModularShop.Host") });

    /// <summary>The real one.</summary>
    public static Solution Shop => LazyShop.Value;

    public IReadOnlyList<Module> Modules { get; init; } = [];

    /// <summary>What hosts the modules, and may ask them; null where nobody does.</summary>
    public AssemblyDefinition? Host { get; init; }

    public IReadOnlyList<AssemblyDefinition> BuildingBlocks { get; init; } = [];

    public IReadOnlyList<ProjectFile> Projects { get; init; } = [];

    public IReadOnlyList<SourceFile> Sources { get; init; } = [];

    /// <summary>Modules, their Contracts and the building blocks.</summary>
    public IEnumerable<AssemblyDefinition> Assemblies => [.. Modules.SelectMany(m => new[] { m.Code, m.Contracts }), .. BuildingBlocks];

    public Module? ModuleOf(string assembly) => Modules.FirstOrDefault(m => assembly == m.AssemblyName || assembly == m.ContractsName);

    /// <summary>The module that something is in: a type or a member by its name, or a file by its path.</summary>
    public Module? ModuleAt(string where) => Modules.FirstOrDefault(m =>
        where == m.AssemblyName || Array.Exists([$"{m.AssemblyName}.", $"src/Modules/{m.Name}/", $"src/Extracted/{m.Name}/"], start => where.StartsWith(start, StringComparison.Ordinal)));

    public static Solution Read(string root) => new()
    {
        Modules = [.. ModuleFolders(root).Select(folder => Module.Load(Path.GetFileName(folder)))],
        BuildingBlocks = [.. ProjectsUnder(root, "src", "BuildingBlocks").Select(p => AssemblyFiles.Read(Path.GetFileNameWithoutExtension(p)))],
        Projects = [.. FilesUnder(root, "*.csproj").Concat(FilesUnder(root, "*.props")).Concat(FilesUnder(root, "*.targets"))
            .Select(file => ProjectFile.Parse(Relative(root, file), File.ReadAllText(file)))],
        Sources = [.. FilesUnder(root, "*.cs").Select(file => new SourceFile(Relative(root, file), File.ReadAllText(file)))],
    };

    /// <summary>The folders of src/Modules that hold a project; a folder without one is not yet a module.</summary>
    public static IReadOnlyList<string> ModuleFolders(string root)
    {
        var modules = Path.Combine(root, "src", "Modules");
        return !Directory.Exists(modules) ? [] :
        [
            .. Directory.GetDirectories(modules)
                .Where(folder => Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories).Any())
                .Order(StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<string> ProjectsUnder(string root, params string[] folder)
    {
        var path = Path.Combine([root, .. folder]);
        return Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [];
    }

    private static IEnumerable<string> FilesUnder(string root, string pattern) => Directory
        .EnumerateFiles(root, pattern, new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.System })
        .Where(file => !Relative(root, file).Split('/').Any(part => part is "bin" or "obj" or "node_modules" or ".git" or "Fixtures"))
        .Order(StringComparer.Ordinal);

    private static string Relative(string root, string file) => Path.GetRelativePath(root, file).Replace('\\', '/');

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ModularShop.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No ModularShop.sln above {AppContext.BaseDirectory}.");
    }
}

/// <summary>A module: its assembly and its Contracts, to look into with Cecil; and loaded, to build EF models with.</summary>
internal sealed record Module(string Name, AssemblyDefinition Code, AssemblyDefinition Contracts, Assembly Loaded)
{
    public string AssemblyName => Code.Name.Name;

    public string ContractsName => Contracts.Name.Name;

    public string Schema => Name.ToLowerInvariant();

    public static Module Load(string name)
    {
        var assembly = $"ModularShop.{name}";
        return new Module(name, AssemblyFiles.Read(assembly), AssemblyFiles.Read($"{assembly}.Contracts"), Assembly.Load(assembly));
    }
}
