using Benchmarks.Messages;

var messages = args is [_, var count] ? int.Parse(count, System.Globalization.CultureInfo.InvariantCulture) : 50_000;
foreach (var engine in args is [var only, ..] ? [Enum.Parse<DatabaseProvider>(only)] : new[] { DatabaseProvider.Sqlite, DatabaseProvider.PostgreSql })
{
    var (burst, bare, p99) = await new MessageBenchmark(engine, messages).RunAsync();
    Console.WriteLine($"{engine}: {burst:F0} messages/s commit → handled, {burst / bare:F2} of the bare rows ({bare:F0}/s); p99 {p99:F0} ms at 200/s");
}
