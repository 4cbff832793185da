using ModularShop.Boundaries.Engine;

namespace ModularShop.Boundaries.Rules;

internal sealed class ModuleProjectsReferenceOnlyContracts : IRule
{
    public string Sentence => "Rule 1: a module's project references building blocks and Contracts, and compiles its own files only.";

    public Concern Concern => Concern.References;

    public IReadOnlyList<Violation> Check(Solution solution)
    {
        var blocks = solution.BuildingBlocks.Select(b => b.Name.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. solution.Projects.Where(p => p.Path.StartsWith("src/Modules/", StringComparison.Ordinal)).SelectMany(project =>
                project.ProjectReferences
                    .Where(name => !blocks.Contains(name) && !name.EndsWith(".Contracts", StringComparison.Ordinal))
                    .Select(name => new Violation(Sentence, project.Path, $"refers to the project {name}.",
                        $"refer to {name}.Contracts, or to a building block.") { Into = solution.ModuleOf(name)?.Name })
                .Concat(project.Includes("Reference").Select(name => new Violation(Sentence, project.Path, $"refers to the assembly {name} by file.",
                    "refer to a project or to a package.")))
                .Concat(project.Includes("Compile").Where(path => path.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(path) || path.Contains('$'))
                    .Select(path => new Violation(Sentence, project.Path, $"compiles {path}, a file of somebody else.",
                        "each module has its own code; what two modules share is in Contracts or in a building block.")))),
        ];
    }
}
