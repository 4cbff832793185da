using ModularShop.Boundaries.Engine;

namespace ModularShop.Boundaries.Rules;

internal sealed class ModulesKnowNeitherFacadeNorMoveTables : IRule
{
    private static readonly string[] Unknown = ["ModularShop.Facade", "ModularShop.MoveTables"];

    public string Sentence => "Rule 7: modules know neither Facade nor MoveTables; they are routed and moved without their help.";

    public Concern Concern => Concern.References;

    public IReadOnlyList<Violation> Check(Solution solution) =>
    [
        .. References.FirstOfEach(solution.Modules.SelectMany(m => References.Of(m.Code).Concat(References.Of(m.Contracts)))
                .Where(r => Unknown.Contains(r.To.AssemblyName(), StringComparer.Ordinal)))
            .Select(r => Broken(r.Where, $"refers to {r.To.ReadableName()} of {r.To.AssemblyName()} ({r.As}).")),
        .. solution.Projects.Where(p => p.Path.StartsWith("src/Modules/", StringComparison.Ordinal))
            .SelectMany(p => p.ProjectReferences.Intersect(Unknown, StringComparer.Ordinal).Select(name => Broken(p.Path, $"refers to the project {name}."))),
    ];

    private Violation Broken(string where, string what) => new(Sentence, where, what,
        "put what the module has to say into the metadata of its endpoints or into ModularShop.Modularity, and let the host connect the two.");
}
