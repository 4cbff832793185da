using ModularShop.Boundaries.Engine;

namespace ModularShop.Boundaries.Rules;

internal sealed class ModulesUseOnlyContractsOfOthers : IRule
{
    public string Sentence => "Rule 1: a module references building blocks and other modules' Contracts, nothing else.";

    public Concern Concern => Concern.References;

    public IReadOnlyList<Violation> Check(Solution solution)
    {
        var ours = solution.Projects.Where(p => p.IsProject).Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        var allowed = solution.Modules.Select(m => m.ContractsName).Concat(solution.BuildingBlocks.Select(b => b.Name.Name)).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. solution.Modules.SelectMany(module => References.FirstOfEach(References.Of(module.Code)
                .Where(r => r.To.AssemblyName() is var target && target != module.AssemblyName && ours.Contains(target) && !allowed.Contains(target)))
                .Select(r => new Violation(Sentence, r.Where, $"refers to {r.To.ReadableName()} of {r.To.AssemblyName()} ({r.As}).", Instead(solution, r.To.AssemblyName())) { Into = solution.ModuleOf(r.To.AssemblyName())?.Name })),
            .. solution.Modules.SelectMany(module => FriendsOf(module, ours)),
        ];
    }

    private static string Instead(Solution solution, string target) => solution.ModuleOf(target) is { } other
        ? $"ask I{other.Name}Api or handle an event of {other.ContractsName}; what is missing there belongs there."
        : $"a module knows nothing of {target}; let {target} pass it in through a building block.";

    /// <summary>InternalsVisibleTo would make of "internal" a matter of taste.</summary>
    private IEnumerable<Violation> FriendsOf(Module module, HashSet<string> ours) =>
        new[] { module.Code, module.Contracts }.SelectMany(assembly => assembly.CustomAttributes
            .Where(a => a.AttributeType.Name == "InternalsVisibleToAttribute")
            .Select(a => ((string)a.ConstructorArguments[0].Value).Split(',')[0])
            .Where(friend => ours.Contains(friend) && !friend.EndsWith(".Tests", StringComparison.Ordinal) && friend is not ("ModularShop.TestKit" or "Benchmarks"))
            .Select(friend => new Violation(Sentence, assembly.Name.Name, $"shows its internals to {friend}.",
                $"remove InternalsVisibleTo from {assembly.Name.Name}.csproj; what {friend} needs belongs in {module.ContractsName}.")));
}
