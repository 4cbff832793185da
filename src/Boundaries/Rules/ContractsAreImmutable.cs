using ModularShop.Boundaries.Engine;
using Mono.Cecil;

namespace ModularShop.Boundaries.Rules;

internal sealed class ContractsAreImmutable : IRule
{
    private static readonly HashSet<string> MutableCollections = new(StringComparer.Ordinal)
    {
        "List`1", "IList`1", "ICollection`1", "Collection`1", "Dictionary`2", "IDictionary`2", "HashSet`1", "ISet`1", "Queue`1", "Stack`1", "SortedDictionary`2",
    };

    public string Sentence => "Rule 2: what Contracts carry cannot be changed by who receives it.";

    public Concern Concern => Concern.Contracts;

    public IReadOnlyList<Violation> Check(Solution solution) =>
    [
        .. solution.Modules.SelectMany(m => m.Contracts.Types())
            .Where(t => !t.IsGenerated() && !t.IsEnum && !t.WithBases().Any(b => b.FullName == "System.Attribute"))
            .SelectMany(Check),
    ];

    private IEnumerable<Violation> Check(TypeDefinition type)
    {
        foreach (var field in type.Fields.Where(f => f is { IsPublic: true, IsInitOnly: false, HasConstant: false }))
        {
            yield return new Violation(Sentence, $"{type.Where()}.{field.Name}", "is a public field that can be assigned.", "make it a property with init.");
        }

        foreach (var property in type.Properties)
        {
            if (property.SetMethod is { IsPublic: true } setter && !IsInit(setter))
            {
                yield return new Violation(Sentence, $"{type.Where()}.{property.Name}", "has a setter.", "use a record: init or get only.");
            }

            if (property.GetMethod is { IsPublic: true } && IsMutableCollection(property.PropertyType))
            {
                yield return new Violation(Sentence, $"{type.Where()}.{property.Name}", $"is a {property.PropertyType.Name}, whose content can be changed.",
                    "use IReadOnlyList<T> or IReadOnlyDictionary<TKey, TValue>.");
            }
        }
    }

    private static bool IsInit(MethodDefinition setter) =>
        setter.ReturnType is RequiredModifierType modified && modified.ModifierType.Name == "IsExternalInit";

    private static bool IsMutableCollection(TypeReference type) =>
        type is ArrayType { ElementType.FullName: not "System.Byte" } || MutableCollections.Contains(type.GetElementType().Name);
}
