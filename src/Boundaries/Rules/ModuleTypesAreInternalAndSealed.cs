using ModularShop.Boundaries.Engine;
using Mono.Cecil;

namespace ModularShop.Boundaries.Rules;

internal sealed class ModuleTypesAreInternalAndSealed : IRule
{
    public string Sentence => "Rule 1: everything in a module is internal and sealed (or static or abstract), but its <Name>Module, which is public.";

    public Concern Concern => Concern.References;

    public IReadOnlyList<Violation> Check(Solution solution) => [.. solution.Modules.SelectMany(Check)];

    private IEnumerable<Violation> Check(Module module)
    {
        var entry = $"{module.AssemblyName}.{module.Name}Module";
        var types = module.Code.Types().Where(t => !t.IsGenerated() && !t.IsMigration()).ToList();
        if (types.Count > 0 && !types.Exists(t => t.FullName == entry && t.IsPublic && t.Is("ModularShop.Modularity.Modules.IModule")))
        {
            yield return new Violation(Sentence, module.AssemblyName, $"has no public {entry} that implements IModule.",
                $"add {module.Name}Module.cs: it is all that a host knows of the module.");
        }

        foreach (var type in types)
        {
            if (type.FullName != entry && IsVisible(type))
            {
                yield return new Violation(Sentence, type.Where(), "is public.",
                    $"make it internal; what others need of it belongs in {module.ContractsName}.");
            }

            if (type.IsClass && !type.IsSealed && !type.IsAbstract)
            {
                yield return new Violation(Sentence, type.Where(), "can be derived from.", "make it sealed, or abstract where it is meant as a base.");
            }
        }
    }

    private static bool IsVisible(TypeDefinition type) => type.DeclaringType is null
        ? type.IsPublic
        : (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamilyOrAssembly) && IsVisible(type.DeclaringType);
}
