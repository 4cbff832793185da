using ModularShop.Boundaries.Engine;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Domain;

namespace ModularShop.Boundaries.Rules;

internal sealed class StoreTypesSurviveAChangeOfEngine : IRule
{
    private static readonly HashSet<Type> Keys = [typeof(Guid), typeof(string)];

    /// <summary>May follow a key of the client's making: the number of a line in its order.</summary>
    private static readonly HashSet<Type> Ordinals = [typeof(int), typeof(long)];

    private static readonly HashSet<Type> Stored =
    [
        typeof(Guid), typeof(string), typeof(bool), typeof(int), typeof(long), typeof(DateTimeOffset), typeof(byte[]),
    ];

    private static readonly Dictionary<DatabaseProvider, string?> OrdinalCollation = new()
    {
        [DatabaseProvider.Sqlite] = null,
        [DatabaseProvider.SqlServer] = "Latin1_General_100_BIN2",
        [DatabaseProvider.PostgreSql] = "C",
    };

    public string Sentence => "Rule 8: store types survive a change of engine.";

    public Concern Concern => Concern.StoreTypes;

    public IReadOnlyList<Violation> Check(Solution solution) => EfModels.Merge(
        from model in solution.Modules.SelectMany(EfModels.Of)
        from violation in Check(model)
        select (model.Provider, violation));

    private IEnumerable<Violation> Check(EfModel model) => model.Model is null
        ? [new Violation(Sentence, model.Where, $"has no valid model: {model.Refusal}", "do as the message says.")]
        : model.Model.GetEntityTypes().SelectMany(entity => Check(model, entity));

    private IEnumerable<Violation> Check(EfModel model, IEntityType entity)
    {
        var where = $"{model.Where}, {entity.DisplayName()}";
        if (entity.FindPrimaryKey() is not { } key)
        {
            yield return new Violation(Sentence, where, "has no key.", "give it a UUIDv7, or a normalised code: rows without a key cannot be moved or compared.");
        }
        else
        {
            var ownerIsKnown = key.Properties.Any(p => Keys.Contains(StoredType(p)));
            foreach (var property in key.Properties.Where(p => !Keys.Contains(StoredType(p)) && !(ownerIsKnown && Ordinals.Contains(p.ClrType))))
            {
                yield return new Violation(Sentence, $"{where}.{property.Name}", $"is a key of type {property.ClrType.Name}.",
                    "keys are UUIDv7 made by the client or normalised strings; with one of them, an ordinal within it.");
            }
        }

        if (typeof(AggregateRoot).IsAssignableFrom(entity.ClrType) && entity.FindProperty(nameof(AggregateRoot.Version)) is not { IsConcurrencyToken: true })
        {
            yield return new Violation(Sentence, where, "does not have Version as its concurrency token.", "leave the mapping of Version to ModuleDbContext.");
        }

        foreach (var (property, what, instead) in entity.AllProperties().SelectMany(p => Check(model.Provider, p)))
        {
            yield return new Violation(Sentence, $"{where}.{property.Name}", what, instead);
        }
    }

    private static Type StoredType(IProperty property) =>
        property.GetTypeMapping().Converter?.ProviderClrType ?? Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;

    private static IEnumerable<(IProperty Property, string What, string Instead)> Check(DatabaseProvider provider, IProperty property)
    {
        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        var stored = StoredType(property);
        if (!Stored.Contains(type) && !type.IsEnum)
        {
            yield return (property, $"is a {type.Name}, which the engines do not keep alike.", "money is Money, an instant a DateTimeOffset, a duration a number of a unit in its name.");
        }

        if (type.IsEnum && stored != typeof(string))
        {
            yield return (property, $"is an enum stored as {stored.Name}.", "leave the conversion to ModuleDbContext: enums are strings.");
        }

        if (property.ValueGenerated is not ValueGenerated.Never || property.GetDefaultValueSql() is not null
            || property.GetComputedColumnSql() is not null || property.TryGetDefaultValue(out _) || property.GetValueGeneratorFactory() is not null)
        {
            yield return (property, "gets its value from the store or from EF.", "make the value in the aggregate, before the insert.");
        }

        if (stored == typeof(string) && property.GetCollation() != OrdinalCollation[provider] && !type.IsEnum)
        {
            yield return (property, $"compares by the collation {property.GetCollation() ?? "of the database"}.",
                "strings compare ordinally, which ModuleDbContext sees to; normalise the value where case does not matter.");
        }
    }
}
