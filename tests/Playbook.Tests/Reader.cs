using System.Data.Common;
using System.Diagnostics;
using System.Globalization;

namespace Playbook.Tests;

/// <summary>Somebody who has cloned the repository and does what the pages say, on ports of his own.</summary>
internal sealed class Reader : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>The ports of the pages and of Development's settings.</summary>
    private static readonly int[] Ports = [5080, 5081, 5443, 5444, 5101, 5102, 5103, 5104, 5105];

    private readonly WorkingCopy _copy = new();
    private readonly string _home = Directory.CreateTempSubdirectory("modularshop-reader-").FullName;
    private readonly Dictionary<string, Terminal> _terminals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _ports = Ports.ToDictionary(
        p => p.ToString(CultureInfo.InvariantCulture), _ => HostProcess.FreePort().ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal);

    private readonly PageDatabases _databases = new();
    private readonly Dictionary<string, string> _environment;

    public Reader()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_copy.Root, "src"), "*.json", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f).StartsWith("appsettings", StringComparison.Ordinal) || Path.GetFileName(f) == "routing.json"))
        {
            var (text, written) = (File.ReadAllText(file), File.GetLastWriteTimeUtc(file));
            File.WriteAllText(file, WithPorts(text));
            // Newer than what was built of it.
            File.SetLastWriteTimeUtc(file, WithPorts(text) == text ? written : TimeProvider.System.GetUtcNow().UtcDateTime);
        }

        _environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SHOP_URL"] = WithPorts("http://localhost:5080"), ["XDG_CONFIG_HOME"] = _home, ["NO_COLOR"] = "1", ["DOTNET_NOLOGO"] = "1", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            // What was built with this test is run, and only what a page changes is built.
            ["RunAnalyzers"] = "false", ["PrecompilePackages"] = "false", ["BuildProjectReferences"] = "false", ["RestoreRecursive"] = "false",
            // They would outlive the terminal, and keep it open.
            ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false",
        };
    }

    public async Task<Outcome> DoAsync(Step step)
    {
        var expected = step.Expected?.Select(WithPorts).ToList();
        if (!Requirements.AreMet(step.Needs))
        {
            return Outcome.True;
        }

        if (step.Needs is Requirements.PostgreSql)
        {
            _environment["SHOP_DATABASE"] = await _databases.ForCommandsAsync(step.Page);
        }

        switch (step.Kind)
        {
            case StepKind.Sql:
                try
                {
                    var rows = await _databases.ExecuteAsync(step);
                    return expected is null || Expectation.Matches(expected, rows) ? Outcome.True : new Outcome(Expectation.Difference(expected, rows), IsLast: false);
                }
                catch (DbException e)
                {
                    return new Outcome(e.Message, IsLast: true);
                }

            case StepKind.Stays:
                var stays = _terminals[step.Terminal!] = Open(step);
                var clock = Stopwatch.StartNew();
                await Eventually.TrueAsync(() => Task.FromResult(stays.HasEnded || Expectation.Begins(expected ?? [], stays.Printed) || clock.Elapsed > Patience), $"{step}", Patience * 2);
                return Expectation.Begins(expected ?? [], stays.Printed) ? Outcome.True : new Outcome(Expectation.Difference(expected!, stays.Printed), IsLast: true);
            case StepKind.CtrlC:
                _terminals.Remove(step.Terminal!, out var ends);
                using (ends)
                {
                    ends!.CtrlC();
                    await ends.EndAsync(Patience);
                    return Outcome.True;
                }

            default:
                using (var terminal = Open(step))
                {
                    var exitCode = await terminal.EndAsync(Patience);
                    return (exitCode == 0) != (step.Kind is StepKind.Commands) ? new Outcome($"It ended with exit code {exitCode}, and printed:\n{terminal.Printed}", IsLast: true)
                        : expected is null || Expectation.Matches(expected, terminal.Printed) ? Outcome.True
                        : new Outcome(Expectation.Difference(expected, terminal.Printed), IsLast: false);
                }
        }
    }

    /// <summary>What the terminals that are open have printed.</summary>
    public string Terminals() => string.Concat(_terminals.Select(t => $"--- terminal {t.Key}\n{t.Value.Printed}"));

    public void Dispose()
    {
        foreach (var terminal in _terminals.Values)
        {
            terminal.Dispose();
        }

        Directory.Delete(_home, recursive: true);
        _copy.Dispose();
    }

    private Terminal Open(Step step) => new(_copy.Root, WithPorts(step.Text), _environment);

    private string WithPorts(string text) => _ports.Aggregate(text, (t, port) => t.Replace($":{port.Key}", $":{port.Value}", StringComparison.Ordinal));
}

/// <summary>What came of a step.</summary>
/// <param name="Difference">Why the page is not true there; null where it is.</param>
/// <param name="IsLast">Whether what follows makes no sense any more.</param>
internal sealed record Outcome(string? Difference, bool IsLast)
{
    public static readonly Outcome True = new(null, IsLast: false);
}
