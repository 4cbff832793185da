using ModularShop.Boundaries.Engine;

namespace ModularShop.Boundaries.Rules;

internal sealed class TheCommandLineReferencesNoProject : IRule
{
    public string Sentence => "The command line talks HTTP to a running shop, and shares no code with it.";

    public Concern Concern => Concern.Style;

    public IReadOnlyList<Violation> Check(Solution solution) =>
    [
        .. solution.Projects.Where(p => p.Path.StartsWith("src/Cli/", StringComparison.Ordinal)).SelectMany(project =>
            project.ProjectReferences.Select(name => new Violation(Sentence, project.Path, $"refers to the project {name}.", "ask the shop's API, and say in a record what is read of the answer."))
                .Concat(project.Includes("Reference").Select(name => new Violation(Sentence, project.Path, $"refers to the assembly {name} by file.", "use a package.")))
                .Concat(project.Includes("Compile").Select(path => new Violation(Sentence, project.Path, $"compiles {path}.", "write what it needs in src/Cli.")))),
    ];
}
