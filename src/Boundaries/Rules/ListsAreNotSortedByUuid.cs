using ModularShop.Boundaries.Engine;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularShop.Boundaries.Rules;

internal sealed class ListsAreNotSortedByUuid : IRule
{
    private static readonly HashSet<string> Comparisons = new(StringComparer.Ordinal)
    {
        "CompareTo", "op_LessThan", "op_LessThanOrEqual", "op_GreaterThan", "op_GreaterThanOrEqual",
    };

    public string Sentence => "Rule 8: no ORDER BY on a UUID: SQLite, SQL Server and PostgreSQL sort them differently.";

    public Concern Concern => Concern.StoreTypes;

    public IReadOnlyList<Violation> Check(Solution solution) =>
    [
        .. solution.Modules.SelectMany(m => m.Code.Calls())
            .Where(call => Sorts(call.Target) || ComparesInQuery(call))
            .Select(call => new Violation(Sentence, call.Where,
                Sorts(call.Target) ? $"{call.Target.Name} has a Guid as its key." : $"compares Guids in a query ({call.Target.Name}).",
                "sort by a normalised column, with a code (sku, order number) as tie-breaker."))
            .Distinct(),
    ];

    private static bool Sorts(MethodReference target) => target is GenericInstanceMethod generic
        && target.DeclaringType.FullName is "System.Linq.Queryable"
        && generic.Name is "OrderBy" or "OrderByDescending" or "ThenBy" or "ThenByDescending" or "Max" or "Min" or "MaxBy" or "MinBy"
        && generic.GenericArguments.Any(IsGuid);

    /// <summary>A method whose token is loaded is part of an expression tree.</summary>
    private static bool ComparesInQuery(Call call) => call.At.OpCode.Code is Code.Ldtoken && IsGuid(call.Target.DeclaringType) && Comparisons.Contains(call.Target.Name);

    private static bool IsGuid(TypeReference type) => type.FullName is "System.Guid" or "System.Nullable`1<System.Guid>";
}
