using ModularShop.Boundaries.Engine;

namespace ModularShop.Boundaries.Rules;

internal sealed class ModulesReachNoForeignContext : IRule
{
    private static readonly HashSet<string> Registries = new(StringComparer.Ordinal)
    {
        "ModularShop.Modularity.Modules.ModuleRegistry", "ModularShop.Modularity.Modules.LoadedModule",
    };

    public string Sentence => "Rule 3: a module gets at no other module's DbContext, not by its type, not by its name, and not by way of the registry of modules.";

    public Concern Concern => Concern.Tables;

    public IReadOnlyList<Violation> Check(Solution solution) => [.. solution.Modules.SelectMany(module => Check(solution, module)).Distinct()];

    private IEnumerable<Violation> Check(Solution solution, Module module)
    {
        foreach (var reference in References.FirstOfEach(References.Of(module.Code)))
        {
            if (reference.To.AssemblyName() != module.AssemblyName && solution.ModuleOf(reference.To.AssemblyName()) is { } other
                && reference.To.Resolve()?.Is("Microsoft.EntityFrameworkCore.DbContext") == true)
            {
                yield return Broken(reference.Where, $"refers to {reference.To.ReadableName()} ({reference.As}).") with { Into = other.Name };
            }
            else if (Registries.Contains(reference.To.FullName))
            {
                yield return Broken(reference.Where, $"uses {reference.To.Name}, which leads to every module's DbContext ({reference.As}).");
            }
        }

        foreach (var (from, text) in module.Code.Strings())
        {
            if (solution.Modules.FirstOrDefault(m => m != module && Names(text, m)) is { } foreign)
            {
                yield return Broken(from.Where(), $"names the inside of {foreign.AssemblyName} in a string: \"{text}\".") with { Into = foreign.Name };
            }
        }
    }

    private static bool Names(string text, Module other) => text.Contains($"{other.Name}DbContext", StringComparison.Ordinal)
        || text.EndsWith(other.AssemblyName, StringComparison.Ordinal)
        || (text.Contains(other.AssemblyName + ".", StringComparison.Ordinal) && !text.Contains(other.ContractsName, StringComparison.Ordinal));

    private Violation Broken(string where, string what) => new(Sentence, where, what,
        "ask the other module's I<Name>Api, or keep a copy of what is needed, fed by its events.");
}
