using System.Globalization;
using System.Text;
using Benchmarks.Messages;

// dotnet run -c Release --project tests/Benchmarks [Sqlite|PostgreSql] [messages]
var engines = args is [var only, ..] ? [Enum.Parse<DatabaseProvider>(only)] : new[] { DatabaseProvider.Sqlite, DatabaseProvider.PostgreSql };
var messages = args is [_, var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 50_000;
var table = new StringBuilder()
    .AppendLine("| engine | burst | commit → handled | of the bare rows | p99 at 200/s |")
    .AppendLine("|---|---|---|---|---|");
foreach (var engine in engines)
{
    var (burst, bare, p99) = await new MessageBenchmark(engine, messages).RunAsync();
    table.AppendLine(CultureInfo.InvariantCulture, $"| {engine} | {messages:N0} | {burst:N0} messages/s | {burst / bare:F2} ({bare:N0}/s) | {p99:F0} ms |");
}

Console.WriteLine(table);
var file = Path.Combine(Repository.Root, "tests", "Benchmarks", "results.md");
await File.WriteAllTextAsync(file, $"# Benchmarks, the last run\n\nRatios count; absolute figures are those of the machine that ran them ({Environment.ProcessorCount} processors).\n\n{table}");
Console.WriteLine($"Written to {file}");
