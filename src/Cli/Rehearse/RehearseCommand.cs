using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModularShop.Cli.Extract;
using ModularShop.Cli.Services;
using ModularShop.Cli.Terminal;

namespace ModularShop.Cli.Rehearse;

/// <summary><c>./shop rehearse</c>: a module's whole extraction, on throwaway databases.</summary>
internal static class RehearseCommand
{
    private const string All = "all";
    private const string None = "none";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static Command Make()
    {
        var module = new Argument<string>("module") { Description = "Such as catalog." };
        var rows = new Option<long>("--rows") { Description = "How big the module's tables shall be at least.", HelpName = "rows", DefaultValueFactory = _ => 20_000 };
        var rate = new Option<int>("--rate") { Description = "Requests a second, where the machine keeps up.", HelpName = "requests", DefaultValueFactory = _ => 50 };
        var hold = TimeOption.Make("--hold", "How long the shop is used between two steps");
        var faults = new Option<string>("--faults") { Description = "What breaks: kill, pause, partition, slow-target, with commas between; all or none.", HelpName = "kinds", DefaultValueFactory = _ => All };
        var seed = new Option<int?>("--seed") { Description = "Of the faults' order: the same breaks the same.", HelpName = "number" };
        var server = new Option<string?>("--server")
        {
            Description = "A PostgreSQL server, for a rehearsal on two databases that are made there and dropped again; else SHOP_REHEARSAL_SERVER, else SQLite.", HelpName = "connection string",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("SHOP_REHEARSAL_SERVER") is { Length: > 0 } given ? given : null,
        };
        var report = new Option<string?>("--report") { Description = "The folder for report.html and report.json; else rehearsals/<module>.", HelpName = "folder" };
        var noBuild = new Option<bool>("--no-build") { Description = "Run what was built last." };
        var configuration = new Option<string>("--configuration", "-c") { Description = "Of the build.", HelpName = "name", DefaultValueFactory = _ => "Debug" };
        return new ShopCommand(
            "rehearse",
            "Extract a module on throwaway databases: under load, with faults, there, back, there again, and to the end. No running shop is touched. "
            + "Every client knows what it wrote: what is lost, doubled or stale is found, and the exit code is 1.",
            "./shop rehearse catalog",
            "./shop rehearse ordering --rows 1000000 --rate 200",
            "./shop rehearse payments --faults kill,partition --seed 7",
            "SHOP_REHEARSAL_SERVER=\"Host=db.example;Username=rehearsals;Password=…\" ./shop rehearse catalog")
        {
            module, rows, rate, hold, faults, seed, server, report, noBuild, configuration,
        }.Does(async (parsed, shop, cancellationToken) =>
        {
            var name = ShopModules.Find(parsed.GetRequiredValue(module));
            var (volume, speed) = (parsed.GetValue(rows), parsed.GetValue(rate));
            if (volume is < 0 or > 100_000_000 || speed is < 1 or > 5000)
            {
                throw CommandFailure.Usage("--rows is 0 to 100,000,000 and --rate is 1 to 5000.");
            }

            using var ended = new EndSignals(cancellationToken);
            using var folder = new ThrowawayFolder();
            var plan = new RehearsalPlan(
                name, volume, speed, TimeSpan.FromSeconds(parsed.GetValue(hold) ?? 5), KindsOf(parsed.GetRequiredValue(faults)), parsed.GetValue(seed) ?? Environment.ProcessId, parsed.GetValue(server),
                parsed.GetRequiredValue(configuration), !parsed.GetValue(noBuild), folder.Path);
            var reports = Path.GetFullPath(parsed.GetValue(report) ?? Path.Combine(Repository.Root, "rehearsals", name.ToLowerInvariant()));
            await RunAsync(plan, reports, (stage, steps) => Rehearsal.Whole(name, stage, steps), shop.Output, ended.Token);
        });
    }

    /// <summary>As <c>--faults</c> takes it.</summary>
    public static string NameOf(FaultKind kind) => kind is FaultKind.SlowTarget ? "slow-target" : kind.ToString().ToLowerInvariant();

    /// <exception cref="CommandFailure">The rehearsal was violated, broken off, or could not be held.</exception>
    public static async Task RunAsync(RehearsalPlan plan, string reports, Func<Stage, Steps, IReadOnlyList<Act>> script, Output output, CancellationToken ended)
    {
        MakeFolder(reports);
        var recorder = new Recorder();
        RehearsalReport report;
        try
        {
            report = await new Rehearsal(plan, recorder, new Narrator(recorder, output.IsJson)).RunAsync(script, ended);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            throw CommandFailure.Refused("Broken off: processes and databases of the rehearsal are gone, and there is no report.");
        }
        finally
        {
            KeepLogs(plan.Folder, reports);
        }

        var json = JsonSerializer.Serialize(report, Json);
        await File.WriteAllTextAsync(Path.Combine(reports, "report.json"), json, CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(reports, "report.html"), ReportPage.Of(report), CancellationToken.None);
        if (output.IsJson)
        {
            output.Json(json);
        }
        else
        {
            Show(report, Path.Combine(reports, "report.html"), output);
        }

        if (!report.Passed)
        {
            throw CommandFailure.Refused($"The rehearsal of {report.Module} was VIOLATED (seed {report.Seed}): {string.Join("; ", report.Violations.Take(3))}");
        }
    }

    private static void Show(RehearsalReport r, string page, Output output)
    {
        output.Line();
        output.Line(Text($"{r.Module} on {r.Engine}: {r.Rows:N0} rows, {r.Seconds:N0} s, {r.Faults} faults, {r.Orders} orders"));
        output.Line(Text($"  attempts   {r.Attempts:N0}"));
        output.Line(Text($"  successes  {r.Successes:N0}"));
        output.Line(Text($"  lost {r.Lost}, doubled {r.Doubled}, stale {r.Stale}, unfinished {r.Unfinished}; {r.Differences} of {r.Compared:N0} compared rows differ"));
        output.Line(Text($"  median {r.P50:N0} ms, 99th percentile {r.P99:N0} ms, longest wait of a write {r.LongestWait:N0} ms; {r.Repeated:N0} requests repeated by their clients"));
        output.Line(r.Passed ? "  Passed: attempts = successes, nothing lost, nothing doubled." : "  VIOLATED");
        output.Line($"  report     {page}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static HashSet<FaultKind> KindsOf(string wanted)
    {
        var kinds = Enum.GetValues<FaultKind>();
        return wanted switch
        {
            All => [.. kinds],
            None => [],
            _ => [.. wanted.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(w => kinds.Where(k => NameOf(k) == w).Select(k => (FaultKind?)k).FirstOrDefault()
                ?? throw CommandFailure.Usage($"'{w}' is no fault; there are {string.Join(", ", kinds.Select(NameOf))}, {All} and {None}."))],
        };
    }

    private static void MakeFolder(string reports)
    {
        try
        {
            Directory.CreateDirectory(reports);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Refused($"The report could not be written into {reports}: {e.Message} Name another folder with --report.");
        }
    }

    private static void KeepLogs(string folder, string reports)
    {
        foreach (var log in Directory.EnumerateFiles(folder, "*.log"))
        {
            File.Copy(log, Path.Combine(reports, Path.GetFileName(log)), overwrite: true);
        }
    }
}

/// <summary>A folder that goes when its user does.</summary>
internal sealed class ThrowawayFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("modularshop-rehearsal-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
