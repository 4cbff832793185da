using ModularShop.Boundaries.Engine;
using Mono.Cecil;

namespace ModularShop.Boundaries.Rules;

internal sealed class ContractsReferenceOnlyAbstractions : IRule
{
    private static readonly string[] NamespacesWithIO = ["System.IO", "System.Net", "System.Data", "Microsoft"];

    private static readonly string[] TypesWithIO = ["System.Console", "System.Diagnostics.Process"];

    public string Sentence => "Rule 2: Contracts reference ModularShop.Contracts and the base class library, without I/O; no EF, no ASP.NET, no MediatR.";

    public Concern Concern => Concern.Contracts;

    public IReadOnlyList<Violation> Check(Solution solution) =>
    [
        .. solution.Modules.SelectMany(module => References.FirstOfEach(References.Of(module.Contracts).Where(r => !IsAllowed(module, r.To)))
            .Select(r => new Violation(Sentence, r.Where, $"refers to {r.To.ReadableName()} of {r.To.AssemblyName()} ({r.As}).",
                $"say it with plain records and interfaces; what needs {r.To.AssemblyName()} belongs in {module.AssemblyName}."))),
        .. solution.Projects.Where(p => p.Path.StartsWith("src/Modules/", StringComparison.Ordinal) && p.Name.EndsWith(".Contracts", StringComparison.Ordinal))
            .SelectMany(project => project.ProjectReferences.Where(name => name != "ModularShop.Contracts")
                .Concat(project.Includes("PackageReference")).Concat(project.Includes("FrameworkReference"))
                .Select(name => new Violation(Sentence, project.Path, $"refers to {name}.", "Contracts need no reference; they all see ModularShop.Contracts."))),
    ];

    private static bool IsAllowed(Module module, TypeReference type)
    {
        var assembly = type.AssemblyName();
        return assembly == module.ContractsName || assembly == "ModularShop.Contracts" || (
            (assembly.StartsWith("System.", StringComparison.Ordinal) || assembly == "netstandard")
            && !Array.Exists(NamespacesWithIO, n => type.Namespace == n || type.Namespace.StartsWith(n + ".", StringComparison.Ordinal))
            && !TypesWithIO.Contains(type.FullName, StringComparer.Ordinal));
    }
}
