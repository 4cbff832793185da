using System.Text.RegularExpressions;
using ModularShop.Boundaries.Engine;

namespace ModularShop.Boundaries.Rules;

internal sealed partial class SqlNamesOnlyOwnTables : IRule
{
    public string Sentence => "Rule 3: SQL in a module names its own schema's tables only.";

    public Concern Concern => Concern.Tables;

    public IReadOnlyList<Violation> Check(Solution solution)
    {
        var tables = solution.Modules.ToDictionary(m => m.Schema, EfModels.TablesOf, StringComparer.Ordinal);
        return [.. solution.Modules.SelectMany(module => module.Code.Strings()
            .SelectMany(s => ForeignTables(module, tables, s.Text).Select(table => new Violation(Sentence, s.From.Where(), $"has SQL on {table}: \"{Short(s.Text)}\".",
                "ask the other module's I<Name>Api, or keep a copy of what is needed, fed by its events; on a server the module's role has no rights there.")
            {
                Into = solution.Modules.FirstOrDefault(m => table == m.Schema || table.StartsWith($"{m.Schema}.", StringComparison.Ordinal))?.Name,
            })))
            .Distinct()];
    }

    private static IEnumerable<string> ForeignTables(Module module, Dictionary<string, IReadOnlySet<string>> tables, string text)
    {
        foreach (Match match in TableName.Matches(text))
        {
            var schema = match.Groups["schema"].Value.ToLowerInvariant();
            var table = match.Groups["table"].Value.ToLowerInvariant();
            if ((IsUpper(match.Groups["word"].Value) || Statement.IsMatch(text))
                && (schema.Length > 0 ? schema != module.Schema && tables.ContainsKey(schema) : IsForeign(module, tables, table)))
            {
                yield return schema.Length > 0 ? $"{schema}.{table}".TrimEnd('.') : table;
            }
        }
    }

    private static bool IsForeign(Module module, Dictionary<string, IReadOnlySet<string>> tables, string table) =>
        !tables[module.Schema].Contains(table) && tables.Any(t => t.Value.Contains(table));

    /// <summary>Prose has "from orders" too, but not "FROM orders".</summary>
    private static bool IsUpper(string word) => word.All(char.IsUpper);

    private static string Short(string sql) => Space.Replace(sql, " ") is { Length: > 80 } text ? text[..80] + "…" : Space.Replace(sql, " ");

    [GeneratedRegex("""
        \b(?<word>FROM|JOIN|UPDATE|INTO|DELETE(?!\s+FROM)|TABLE|REFERENCES|USING|MERGE(?!\s+INTO)|TRUNCATE(?!\s+TABLE)|ON)\s+
        (?:(?:ONLY|IF\s+(?:NOT\s+)?EXISTS)\s+)?
        (?:["\[`]?(?<schema>\w+)["\]`]?\s*\.\s*)?["\[`]?(?<table>\w*)["\]`]?
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TableName { get; }

    /// <summary>In lower case, a statement is known by its first word.</summary>
    [GeneratedRegex(@"^\s*\(?\s*(select|insert|update|delete|merge|with|create|alter|drop|truncate)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Statement { get; }

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Space { get; }
}
