using System.Diagnostics;
using System.Globalization;
using Benchmarks.Data;
using Benchmarks.Reads;

namespace Benchmarks.Start;

/// <summary>From the start of the process to its first answer from the database, and what it has taken of memory after a thousand.</summary>
internal static class StartBenchmark
{
    private const int Starts = 5;
    private const int Reads = 1000;

    public static Table Table() => new(
        "Start and memory",
        "The host on its existing databases against a bare minimal API with one context: from the start of the process to the first product list, and memory after 1,000 reads.",
        ["engine", "program", "first response", "to bare", "working set", "to bare", "GC heap", "to bare"]);

    public static async Task<IReadOnlyList<string[]>> RunAsync(GrownShop shop)
    {
        var programs = new (string Name, Func<HostProcess> Begin)[] { ("bare", () => BareApi.Begin(shop.Database)), ("host", shop.BeginHost) };
        var times = programs.Select(_ => new List<double>()).ToList();
        for (var start = 0; start < Starts; start++)
        {
            for (var program = 0; program < programs.Length; program++)
            {
                times[program].Add(await FirstResponseAsync(programs[program].Begin));
            }
        }

        var memory = new List<(double WorkingSet, double Heap)>();
        foreach (var (_, begin) in programs)
        {
            memory.Add(await MemoryAsync(begin));
        }

        return
        [
            .. programs.Select((program, i) => new[]
            {
                $"{shop.Database.Options.Provider}", program.Name,
                Text($"{times[i].Median():F0} ms"), Text($"{times[i].Median() / times[0].Median():F2}"),
                Text($"{memory[i].WorkingSet:F0} MB"), Text($"{memory[i].WorkingSet / memory[0].WorkingSet:F2}"),
                Text($"{memory[i].Heap:F1} MB"), Text($"{memory[i].Heap / memory[0].Heap:F2}"),
            }),
        ];
    }

    private static async Task<double> FirstResponseAsync(Func<HostProcess> begin)
    {
        var clock = Stopwatch.StartNew();
        await using var program = begin();
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    using var response = await program.Client.GetAsync(new Uri(Paths.List, UriKind.Relative));
                    return response.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the first response");
        return clock.Elapsed.TotalMilliseconds;
    }

    /// <summary>In megabytes.</summary>
    private static async Task<(double WorkingSet, double Heap)> MemoryAsync(Func<HostProcess> begin)
    {
        using var heap = new HeapReport();
        await using var program = heap.Of(begin);
        await program.ReadyAsync();
        await new Load(new ProgramServer(program), _ => Paths.List).RunAsync(Reads);
        using var process = Process.GetProcessById(program.Id);
        return (process.WorkingSet64 / 1e6, await heap.ReadAsync(program) / 1e6);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
