namespace Benchmarks;

/// <summary>results.md: the last result of every benchmark, whichever run it was of.</summary>
internal static class ResultsFile
{
    private static readonly string[] Order = ["Messages", "Reads", "Checkouts", "Start and memory", "Facade", "Memory of the facade", "Moving tables: copy and comparison", "Moving tables: changes", "Moving tables: the pause of a switch"];

    public static string Name { get; } = Path.Combine(Repository.Root, "tests", "Benchmarks", "results.md");

    public static async Task ReplaceAsync(IReadOnlyList<Table> tables)
    {
        var sections = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var section in (await File.ReadAllTextAsync(Name)).Split("\n## ").Skip(1))
        {
            sections[section.Split('\n')[0]] = $"## {section.TrimEnd()}\n";
        }

        foreach (var table in tables)
        {
            var earlier = sections.GetValueOrDefault(table.Title, "").Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1);
            sections[table.Title] = table.With(earlier).ToString();
        }

        await File.WriteAllTextAsync(Name, $"""
            # Benchmarks, the last run

            Ratios count; absolute figures are those of the machine that ran them ({Environment.ProcessorCount} processors).

            {string.Join('\n', Order.Where(sections.ContainsKey).Union(sections.Keys, StringComparer.Ordinal).Select(title => sections[title]))}
            """);
    }
}
