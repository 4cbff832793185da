using ModularShop.Boundaries.Engine;
using Mono.Cecil;

namespace ModularShop.Boundaries.Rules;

internal sealed class ContextsTakeOnlyTheirOptions : IRule
{
    public string Sentence => "Rule 3: a module has one DbContext, <Name>DbContext : ModuleDbContext, and all it takes is its options.";

    public Concern Concern => Concern.Tables;

    public IReadOnlyList<Violation> Check(Solution solution) => [.. solution.Modules.SelectMany(Check)];

    private IEnumerable<Violation> Check(Module module)
    {
        foreach (var context in module.Code.Types().Where(t => t.IsClass && t.Is("Microsoft.EntityFrameworkCore.DbContext")))
        {
            if (context.Name != $"{module.Name}DbContext" || context.BaseType.FullName != "ModularShop.Modularity.Data.ModuleDbContext")
            {
                yield return new Violation(Sentence, context.Where(), $"is a DbContext beside {module.Name}DbContext, or none that derives from ModuleDbContext.",
                    $"map its tables in {module.Name}DbContext.");
            }

            var constructors = context.Methods.Where(m => m is { IsConstructor: true, IsStatic: false }).ToList();
            if (constructors is not [{ IsPrivate: false, Parameters: [var only] }]
                || only.ParameterType.GetElementType().FullName is not ("Microsoft.EntityFrameworkCore.DbContextOptions" or "Microsoft.EntityFrameworkCore.DbContextOptions`1"))
            {
                yield return new Violation(Sentence, context.Where(),
                    $"is made with ({string.Join("), (", constructors.Select(c => string.Join(", ", c.Parameters.Select(p => p.ParameterType.Name))))}).",
                    "take DbContextOptions<T> only: pooled contexts are shared by requests and cannot hold services.");
            }
        }
    }
}
