using ModularShop.Boundaries.Engine;

namespace ModularShop.Boundaries.Rules;

internal sealed class BuildingBlocksKnowNoModule : IRule
{
    public string Sentence => "Rule 7: building blocks know no domain type: neither a module nor its Contracts.";

    public Concern Concern => Concern.References;

    public IReadOnlyList<Violation> Check(Solution solution) =>
    [
        .. solution.BuildingBlocks.SelectMany(block => References.FirstOfEach(References.Of(block).Where(r => solution.ModuleOf(r.To.AssemblyName()) is not null))
            .Select(r => Broken(r.Where, $"refers to {r.To.ReadableName()} of {r.To.AssemblyName()} ({r.As}).", solution.ModuleOf(r.To.AssemblyName())!))),
        .. solution.Projects.Where(p => p.Path.StartsWith("src/BuildingBlocks/", StringComparison.Ordinal))
            .SelectMany(p => p.ProjectReferences.Where(name => solution.ModuleOf(name) is not null).Select(name => Broken(p.Path, $"refers to the project {name}.", solution.ModuleOf(name)!))),
    ];

    private Violation Broken(string where, string what, Module module) => new(Sentence, where, what,
        "a building block offers an interface or a generic parameter, and the module brings what it is about.") { Into = module.Name };
}
