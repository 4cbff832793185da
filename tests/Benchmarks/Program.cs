using Benchmarks;
using Benchmarks.Checkouts;
using Benchmarks.Data;
using Benchmarks.Facade;
using Benchmarks.Messages;
using Benchmarks.Moves;
using Benchmarks.Reads;
using Benchmarks.Start;

if (args is [BareApi.Argument, .. var settings])
{
    await BareApi.RunAsync(settings);
    return 0;
}

if (FacadePrograms.Find(args) is { } run)
{
    await run();
    return 0;
}

if (Arguments.Read(args, out var error) is not { } arguments)
{
    await Console.Error.WriteLineAsync(error);
    return 1;
}

var tables = new Dictionary<string, Table>(StringComparer.Ordinal)
{
    ["messages"] = MessageTable.Empty(), ["reads"] = ReadBenchmark.Table(), ["checkouts"] = CheckoutBenchmark.Table(), ["start"] = StartBenchmark.Table(),
    ["facade"] = FacadeBenchmark.Table(), ["memory"] = FacadeBenchmark.MemoryTable(),
    ["copies"] = MoveBenchmark.CopyTable(), ["changes"] = MoveBenchmark.ChangesTable(), ["pause"] = PauseBenchmark.Table(),
};
if (arguments.Measure("facade"))
{
    Console.WriteLine("facade");
    await foreach (var row in FacadeBenchmark.RunAsync())
    {
        tables["facade"].Add(row);
    }

    await foreach (var row in FacadeBenchmark.RunMemoryAsync(1_000_000))
    {
        tables["memory"].Add(row);
    }

    await WriteAsync();
}

if (arguments.Measure("moves"))
{
    Console.WriteLine("moves");
    DatabaseProvider[] there = PostgreSqlServer.Missing is null ? [DatabaseProvider.Sqlite, DatabaseProvider.PostgreSql] : [DatabaseProvider.Sqlite];
    foreach (var (from, to) in there.SelectMany(from => there.Select(to => (from, to))))
    {
        await MoveBenchmark.RunAsync(from, to, 100_000, tables["copies"], tables["changes"]);
        await MoveBenchmark.RunAsync(from, to, 1_000_000, tables["copies"], changes: null);
        await WriteAsync();
    }
}

foreach (var engine in arguments.MeasuresEngines ? arguments.Engines : [])
{
    if (engine is DatabaseProvider.PostgreSql && PostgreSqlServer.Missing is { } missing)
    {
        Console.WriteLine($"{engine} is left out: {missing}");
        continue;
    }

    if (arguments.Measure("messages"))
    {
        Console.WriteLine($"messages on {engine}");
        tables["messages"].Add(await MessageTable.RowAsync(engine, arguments.Messages));
        await WriteAsync();
    }

    if (arguments.Measure("pause"))
    {
        Console.WriteLine($"pause on {engine}");
        tables["pause"].Add(await PauseBenchmark.RunAsync(engine, cycles: 100));
        await WriteAsync();
    }

    if (!arguments.Measure("reads") && !arguments.Measure("start") && !arguments.Measure("checkouts"))
    {
        continue;
    }

    Console.WriteLine($"shops on {engine}");
    await using var usual = await GrownShop.MakeAsync(engine, times: 1);
    await using var large = await GrownShop.MakeAsync(engine, times: 10);
    foreach (var shop in arguments.Measure("reads") ? new[] { usual, large } : [])
    {
        Console.WriteLine($"reads on {engine} at {shop.Times}x");
        await foreach (var row in ReadBenchmark.RunAsync(shop))
        {
            tables["reads"].Add(row);
        }
    }

    if (arguments.Measure("start"))
    {
        Console.WriteLine($"start on {engine}");
        (await StartBenchmark.RunAsync(usual)).ToList().ForEach(tables["start"].Add);
    }

    if (arguments.Measure("checkouts"))
    {
        Console.WriteLine($"checkouts on {engine}");
        (await CheckoutBenchmark.RunAsync([usual, large])).ToList().ForEach(tables["checkouts"].Add);
    }

    await WriteAsync();
}

return 0;

// What has been measured is kept, whatever happens to what comes after it.
async Task WriteAsync()
{
    await ResultsFile.ReplaceAsync([.. tables.Values.Where(t => t.Rows.Count > 0)]);
    Console.WriteLine($"Written to {ResultsFile.Name}");
}
