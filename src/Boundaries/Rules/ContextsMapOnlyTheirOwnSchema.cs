using System.Reflection;
using ModularShop.Boundaries.Engine;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using ModularShop.Modularity.Data;
using Module = ModularShop.Boundaries.Engine.Module;

namespace ModularShop.Boundaries.Rules;

internal sealed class ContextsMapOnlyTheirOwnSchema : IRule
{
    public string Sentence => "Rule 3: a DbContext maps only its own module's types to tables of its own schema; no view and no foreign key leads out of it.";

    public Concern Concern => Concern.Tables;

    public IReadOnlyList<Violation> Check(Solution solution) => EfModels.Merge(
        from module in solution.Modules
        from model in EfModels.Of(module)
        from violation in Check(solution, module, model)
        select (model.Provider, violation));

    private IEnumerable<Violation> Check(Solution solution, Module module, EfModel model) => model.Schema != module.Schema
        ? [new Violation(Sentence, model.Where, $"has the schema '{model.Schema}'.", $"its schema is the module's name in lower case: '{module.Schema}'.")]
        : model.Model?.GetEntityTypes().SelectMany(entity => Check(solution, module, model, entity)) ?? [];

    private IEnumerable<Violation> Check(Solution solution, Module module, EfModel model, IEntityType entity)
    {
        var where = $"{model.Where}, {entity.DisplayName()}";
        foreach (var type in ClrTypes(entity).Where(t => !IsOwn(solution, module, t.Assembly)))
        {
            yield return new Violation(Sentence, where, $"maps {type.FullName} of {type.Assembly.GetName().Name}.",
                "keep a type of your own with the columns you need, fed by the other module's events.") { Into = ModuleOf(solution, type) };
        }

        if (model.Provider is not DatabaseProvider.Sqlite && entity.GetTableName() is { } table && entity.GetSchema() != module.Schema)
        {
            yield return new Violation(Sentence, where, $"is in the table {entity.GetSchema()}.{table}.", $"leave the schema to ModuleDbContext: '{module.Schema}'.")
            {
                Into = solution.Modules.FirstOrDefault(m => m.Schema == entity.GetSchema())?.Name,
            };
        }

        if (entity.GetViewName() is { } view)
        {
            yield return new Violation(Sentence, where, $"reads the view {view}.", "map a table; views cross schemas unseen.");
        }

        if (entity.GetSqlQuery() is { } sql)
        {
            yield return new Violation(Sentence, where, $"reads SQL: {sql}.", "map a table.");
        }

        foreach (var key in entity.GetForeignKeys().Where(k => !IsOwn(solution, module, k.PrincipalEntityType.ClrType.Assembly)))
        {
            yield return new Violation(Sentence, where, $"has a foreign key to {key.PrincipalEntityType.DisplayName()}.",
                "keep the id without a constraint: the other module's rows may live in another database.") { Into = ModuleOf(solution, key.PrincipalEntityType.ClrType) };
        }
    }

    private static IEnumerable<Type> ClrTypes(ITypeBase type) => type.GetComplexProperties().SelectMany(c => ClrTypes(c.ComplexType)).Prepend(type.ClrType).Distinct();

    private static string? ModuleOf(Solution solution, Type type) => solution.ModuleOf(type.Assembly.GetName().Name!)?.Name;

    private static bool IsOwn(Solution solution, Module module, Assembly assembly) =>
        assembly == module.Loaded || solution.BuildingBlocks.Any(b => b.Name.Name == assembly.GetName().Name)
        || assembly == typeof(Dictionary<string, object>).Assembly;
}
