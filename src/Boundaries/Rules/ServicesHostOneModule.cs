using ModularShop.Boundaries.Engine;

namespace ModularShop.Boundaries.Rules;

internal sealed class ServicesHostOneModule : IRule
{
    public string Sentence => "An extracted service hosts the module whose name its folder bears, and no code of its own beside that.";

    public Concern Concern => Concern.References;

    public IReadOnlyList<Violation> Check(Solution solution)
    {
        var blocks = solution.BuildingBlocks.Select(b => b.Name.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. solution.Projects.Where(p => p.Path.StartsWith("src/Extracted/", StringComparison.Ordinal)).SelectMany(project =>
                project.ProjectReferences
                    .Where(name => !blocks.Contains(name) && name != $"ModularShop.{project.Path.Split('/')[2]}")
                    .Select(name => new Violation(Sentence, project.Path, $"refers to the project {name}.", "refer to the one module, or to a building block; other modules are asked over the network."))
                .Concat(project.Includes("Reference").Select(name => new Violation(Sentence, project.Path, $"refers to the assembly {name} by file.",
                    "refer to a project or to a package.")))
                .Concat(project.Includes("Compile").Select(path => new Violation(Sentence, project.Path, $"compiles {path}.",
                    "put what the service does into its module; the host of it is Program.cs.")))),
            .. solution.Sources.Where(s => s.Path.StartsWith("src/Extracted/", StringComparison.Ordinal) && !s.Path.EndsWith("/Program.cs", StringComparison.Ordinal))
                .Select(s => new Violation(Sentence, s.Path, "is code of a service.", "put it into the module or into a building block: in the host it is needed as well.")),
        ];
    }
}
