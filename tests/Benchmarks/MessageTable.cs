using System.Globalization;
using Benchmarks.Messages;

namespace Benchmarks;

/// <summary>The figures of <see cref="MessageBenchmark"/> as a table.</summary>
internal static class MessageTable
{
    public static Table Empty() => new(
        "Messages",
        "Commit in one module → handled in another, each handler writing a row, against the bare rows that this costs.",
        ["engine", "burst", "commit → handled", "of the bare rows", "p99 at 200/s"]);

    public static async Task<string[]> RowAsync(DatabaseProvider engine, int messages)
    {
        var (burst, bare, p99) = await new MessageBenchmark(engine, messages).RunAsync();
        return [$"{engine}", Text($"{messages:N0}"), Text($"{burst:N0} messages/s"), Text($"{burst / bare:F2} ({bare:N0}/s)"), Text($"{p99:F0} ms")];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
