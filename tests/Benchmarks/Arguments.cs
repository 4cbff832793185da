using System.Globalization;

namespace Benchmarks;

/// <summary>What to measure and on which engines; without an argument all of it.</summary>
internal sealed record Arguments(IReadOnlyList<string> Benchmarks, IReadOnlyList<DatabaseProvider> Engines, int Messages)
{
    public const string Usage = "dotnet run -c Release --project tests/Benchmarks [messages|reads|checkouts|start|facade|moves|pause]… [Sqlite|PostgreSql]… [messages in the burst, 50000]";

    private static readonly string[] Known = ["messages", "reads", "checkouts", "start", "facade", "moves", "pause"];

    private static readonly DatabaseProvider[] KnownEngines = [DatabaseProvider.Sqlite, DatabaseProvider.PostgreSql];

    public bool Measure(string benchmark) => Benchmarks.Contains(benchmark, StringComparer.Ordinal);

    /// <summary>Whether anything is measured that differs from engine to engine.</summary>
    public bool MeasuresEngines => Benchmarks.Any(b => b is not ("facade" or "moves"));

    /// <summary>Null where an argument is none of them; <paramref name="error"/> says which, and what there is.</summary>
    public static Arguments? Read(string[] args, out string error)
    {
        var (benchmarks, engines, messages) = (new List<string>(), new List<DatabaseProvider>(), 50_000);
        error = "";
        foreach (var arg in args)
        {
            if (Array.Find(Known, k => k.Equals(arg, StringComparison.OrdinalIgnoreCase)) is { } benchmark)
            {
                benchmarks.Add(benchmark);
            }
            else if (Array.FindIndex(KnownEngines, e => e.ToString().Equals(arg, StringComparison.OrdinalIgnoreCase)) is >= 0 and var engine)
            {
                engines.Add(KnownEngines[engine]);
            }
            else if (int.TryParse(arg, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1000)
            {
                messages = count;
            }
            else
            {
                error = $"'{arg}' is no benchmark ({string.Join(", ", Known)}), no engine ({string.Join(", ", KnownEngines)}) and no number of messages (1000 or more).\n{Usage}";
                return null;
            }
        }

        return new Arguments(benchmarks is [] ? Known : benchmarks, engines is [] ? KnownEngines : engines, messages);
    }
}
