using Mono.Cecil;

namespace ModularShop.Boundaries.Engine;

/// <summary>The assemblies in the output folder of this program, or of the tests; the framework's are found where the runtime has them.</summary>
internal static class AssemblyFiles
{
    private static readonly Resolver Shared = CreateResolver();

    public static AssemblyDefinition Read(string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, name + ".dll");
        return File.Exists(path)
            ? Shared.Resolve(new AssemblyNameReference(name, new Version()))
            : throw new InvalidOperationException(
                $"{name}.dll is not in {AppContext.BaseDirectory}. Its project has to be at src/Modules/<Name>/{name}/{name}.csproj "
                + "or src/BuildingBlocks/*/, where the wildcards of ModularShop.Boundaries.csproj find it, and an assembly bears the name of its project.");
    }

    private static Resolver CreateResolver()
    {
        var resolver = new Resolver();
        resolver.AddSearchDirectory(AppContext.BaseDirectory);
        var platform = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        foreach (var folder in platform.Split(Path.PathSeparator).Select(Path.GetDirectoryName).Distinct(StringComparer.Ordinal))
        {
            resolver.AddSearchDirectory(folder);
        }

        return resolver;
    }

    /// <summary>One definition per assembly, for tests that run at the same time.</summary>
    private sealed class Resolver : DefaultAssemblyResolver
    {
        private readonly Lock _turn = new();
        private readonly Dictionary<string, AssemblyDefinition> _read = new(StringComparer.Ordinal);

        public override AssemblyDefinition Resolve(AssemblyNameReference name)
        {
            lock (_turn)
            {
                return _read.TryGetValue(name.Name, out var known) ? known
                    : _read[name.Name] = Resolve(name, new ReaderParameters { AssemblyResolver = this, InMemory = true });
            }
        }
    }
}
