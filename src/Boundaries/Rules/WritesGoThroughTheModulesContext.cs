using ModularShop.Boundaries.Engine;

namespace ModularShop.Boundaries.Rules;

internal sealed class WritesGoThroughTheModulesContext : IRule
{
    /// <summary>Places that write past the change tracker, each with its reason. Type and method as they stand in the source.</summary>
    public IReadOnlyDictionary<string, string> Allowed { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    private static readonly string[] AdoNamespaces = ["System.Data", "Microsoft.Data", "Npgsql"];

    private static readonly string[] BulkWrites = ["ExecuteSql", "ExecuteUpdate", "ExecuteDelete"];

    public string Sentence => "Rule 6: all writes of a module's tables go through its own DbContext.";

    public Concern Concern => Concern.Writes;

    public IReadOnlyList<Violation> Check(Solution solution) =>
    [
        .. solution.Modules.SelectMany(m => m.Code.Types()).Where(t => !t.IsMigration()).SelectMany(t => t.Methods).SelectMany(Il.Calls)
            .Where(call => !Allowed.ContainsKey(call.Where))
            .SelectMany(Check).Distinct(),
    ];

    private IEnumerable<Violation> Check(Call call)
    {
        if (Array.Exists(AdoNamespaces, n => call.DeclaringType.StartsWith(n + ".", StringComparison.Ordinal))
            && call.Target.DeclaringType.Resolve()?.WithBases().Any(t => t.FullName.StartsWith("System.Data.Common.Db", StringComparison.Ordinal)) == true)
        {
            yield return new Violation(Sentence, call.Where, $"uses ADO.NET: {call.Target.DeclaringType.Name}.{call.Target.Name}.",
                "use the module's DbContext; FromSql reads with SQL of your own.");
        }
        else if (call.DeclaringType.StartsWith("Microsoft.EntityFrameworkCore.", StringComparison.Ordinal)
            && (call.Target.Name == "GetDbConnection" || Array.Exists(BulkWrites, w => call.Target.Name.StartsWith(w, StringComparison.Ordinal))))
        {
            yield return new Violation(Sentence, call.Where, $"calls {call.Target.Name}, which bypasses versions, the outbox and the write gate.",
                $"load, change and save the aggregates; where that is too slow, list the place with its reason in {nameof(WritesGoThroughTheModulesContext)}.");
        }
    }
}
