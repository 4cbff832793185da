using System.Reflection;

namespace ModularShop.Modularity.Modules;

/// <summary>A module whose code has left the host: its service has code and data, and the host its manifest.</summary>
/// <param name="Contracts">All that is left of it here.</param>
public sealed record DepartedModule(ModuleManifest Manifest, Assembly Contracts)
{
    public string Name => Manifest.Module;

    public string Schema { get; } = Manifest.Module.ToLowerInvariant();

    /// <summary>What it answers to other modules; null where it answers nothing.</summary>
    public Type? Api => Array.Find(Contracts.GetExportedTypes(), t => t.IsInterface && t.Name == $"I{Name}Api");

    /// <summary>Those whose Contracts the host's project names (items <c>AssemblyMetadata</c>), and which are not among its modules.</summary>
    /// <param name="program">The name of the host's assembly.</param>
    internal static IReadOnlyList<DepartedModule> Of(string program, IReadOnlyCollection<string> modulesHere) =>
    [
        .. ContractsOf(program).Select(Assembly.Load)
            .Select(contracts => (Contracts: contracts, Manifest: ModuleManifest.In(contracts)))
            .Where(c => c.Manifest is not null && !modulesHere.Contains(c.Manifest.Module, StringComparer.OrdinalIgnoreCase))
            .Select(c => new DepartedModule(c.Manifest!, c.Contracts))
            .OrderBy(m => m.Name, StringComparer.Ordinal),
    ];

    private static IEnumerable<AssemblyName> ContractsOf(string program)
    {
        Assembly host;
        try
        {
            host = Assembly.Load(new AssemblyName(program));
        }
        catch (FileNotFoundException)
        {
            // A name that somebody gave the program is not its assembly's.
            return [];
        }

        return host.GetCustomAttributes<AssemblyMetadataAttribute>().Where(a => a.Value == "Contracts").Select(a => new AssemblyName(a.Key));
    }
}
