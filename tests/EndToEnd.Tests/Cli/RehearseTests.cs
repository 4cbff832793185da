using System.Globalization;
using System.Text.Json.Nodes;
using EndToEnd.Tests.Extract;
using Microsoft.Data.Sqlite;

namespace EndToEnd.Tests.Cli;

/// <summary>Rehearsals as a user holds them; with <c>--long</c> of every module, with every fault, on SQLite and PostgreSQL.</summary>
[Collection(Alone.Name)]
public sealed class RehearseTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(LongRun.IsOn ? 40 : 12);

    private readonly string _reports = Directory.CreateTempSubdirectory("modularshop-reports-").FullName;
    private readonly string _temporary = Directory.CreateTempSubdirectory("modularshop-stage-").FullName;
    private readonly CommandLine _commands;

    public RehearseTests() => _commands = new CommandLine(("TMPDIR", _temporary));

    public void Dispose()
    {
        _commands.Dispose();
        Directory.Delete(_reports, recursive: true);
        Directory.Delete(_temporary, recursive: true);
    }

    [Fact]
    public async Task An_extraction_is_rehearsed_with_faults_and_its_report_says_how_it_went()
    {
        var report = await PassesAsync("catalog", "--faults", "kill", "--rows", "5000");
        report["attempts"]!.GetValue<int>().ShouldBe(report["successes"]!.GetValue<int>());
        report["attempts"]!.GetValue<int>().ShouldBeGreaterThan(200);
        report["rows"]!.GetValue<long>().ShouldBeGreaterThanOrEqualTo(5000);
        report["faults"]!.GetValue<int>().ShouldBe(14);
        report["orders"]!.GetValue<int>().ShouldBeGreaterThan(5);
        report["compared"]!.GetValue<long>().ShouldBeGreaterThan(5000);
        report["phases"]!.AsArray().Select(p => p!["name"]!.GetValue<string>()).ShouldContain("And back", StringComparer.Ordinal);
        report["history"]!.AsArray().Select(e => e!["state"]!.GetValue<string>()).ShouldContain("completed", StringComparer.Ordinal);
        var page = await File.ReadAllTextAsync(Path.Combine(_reports, "report.html"));
        page.ShouldContain("Passed: attempts = successes");
        page.Split("<svg").Length.ShouldBe(5, "four pictures");
        Directory.EnumerateFileSystemEntries(_temporary).ShouldBeEmpty("nothing of it stays");
    }

    [Fact]
    [Trait(RunOnly.Trait, RunOnly.Long)]
    public async Task A_row_that_nobody_wrote_is_found_and_the_command_fails()
    {
        using var rehearsal = new RunningCommand(Start("catalog", "--faults", "none", "--rows", "0"));
        await rehearsal.SaysAsync("The service owns the data", Patience);
        await rehearsal.SaysAsync("And back", Patience);
        var database = Directory.EnumerateFiles(_temporary, "catalog.db", SearchOption.AllDirectories).Single(f => f.Contains("/host/", StringComparison.Ordinal));
        await using (var catalog = new SqliteConnection(string.Create(CultureInfo.InvariantCulture, $"Data Source={database};Pooling=False;Default Timeout=30")))
        {
            await catalog.OpenAsync();
            await using var tamper = catalog.CreateCommand();
            tamper.CommandText = "UPDATE stock SET OnHand = OnHand + 5";
            await Eventually.TrueAsync(
                async () =>
                {
                    try
                    {
                        return await tamper.ExecuteNonQueryAsync() > 0;
                    }
                    catch (SqliteException)
                    {
                        // At the moment the other side owns the data: the triggers refuse.
                        return false;
                    }
                },
                "the stock to be tampered with");
        }

        (await rehearsal.ExitCodeAsync(Patience)).ShouldBe(1, rehearsal.Output);
        rehearsal.Output.ShouldContain("VIOLATED");
        var report = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_reports, "report.json")))!;
        report["passed"]!.GetValue<bool>().ShouldBeFalse();
        report["doubled"]!.GetValue<int>().ShouldBePositive();
        report["violations"]!.AsArray().Select(v => v!.GetValue<string>()).ShouldContain(v => v.Contains("the stock of", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ctrl_c_leaves_nothing_behind()
    {
        using var rehearsal = new RunningCommand(Start("catalog", "--rows", "0"));
        await rehearsal.SaysAsync("clients use Catalog", Patience);
        await rehearsal.SignalAsync(RunningCommand.Interrupt);
        (await rehearsal.ExitCodeAsync(Patience)).ShouldBe(1, rehearsal.Output);
        rehearsal.Output.ShouldContain("Broken off");
        Directory.EnumerateFileSystemEntries(_temporary).ShouldBeEmpty();
        System.Diagnostics.Process.GetProcessesByName("dotnet").ShouldNotContain(p => CommandLineOf(p.Id).Contains(_temporary, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2, "There is no module 'garden' in src/Modules", "garden")]
    [InlineData(2, "'flood' is no fault; there are kill, pause, partition, slow-target, all and none.", "catalog", "--faults", "kill,flood")]
    [InlineData(2, "--rate is 1 to 5000", "catalog", "--rate", "0")]
    [InlineData(1, "cannot be made on the server that --server names", "catalog", "--no-build", "--server", "Host=127.0.0.1;Port=1;Username=nobody;Timeout=2")]
    public async Task What_cannot_be_rehearsed_is_refused_with_the_reason(int exitCode, string saying, params string[] arguments)
    {
        var said = await _commands.RunAsync(["rehearse", .. arguments, "--report", _reports]);
        said.ExitCode.ShouldBe(exitCode, said.Errors);
        said.Errors.ShouldContain(saying);
        Directory.EnumerateFileSystemEntries(_temporary).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_report_that_could_not_be_written_is_refused_before_anything_is_done()
    {
        var file = Path.Combine(_reports, "taken");
        await File.WriteAllTextAsync(file, "");
        (await _commands.RunAsync("rehearse", "catalog", "--no-build", "--report", file)).ShouldFail(1, "The report could not be written into", "Name another folder with --report.");
        Directory.EnumerateFileSystemEntries(_temporary).ShouldBeEmpty();
    }

    [LongTheory]
    [InlineData("catalog")]
    [InlineData("ordering")]
    [InlineData("payments")]
    [InlineData("shipping")]
    [InlineData("customers")]
    public Task Every_module_with_every_fault_on_sqlite(string module) => PassesAsync(module, "--faults", "all", "--rows", "20000");

    [LongTheory]
    [InlineData("catalog")]
    [InlineData("ordering")]
    [InlineData("payments")]
    [InlineData("shipping")]
    [InlineData("customers")]
    public async Task Every_module_with_every_fault_on_postgresql(string module)
    {
        var server = await PostgreSqlServer.SharedAsync();
        await PassesAsync(module, "--faults", "all", "--rows", "20000", "--server", server.ConnectionString("postgres"));
    }

    private async Task<JsonNode> PassesAsync(params string[] arguments)
    {
        using var rehearsal = new RunningCommand(Start(arguments));
        (await rehearsal.ExitCodeAsync(Patience)).ShouldBe(0, rehearsal.Output);
        rehearsal.Output.ShouldContain("Passed: attempts = successes, nothing lost, nothing doubled.");
        return JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_reports, "report.json")))!;
    }

    private System.Diagnostics.Process Start(params string[] arguments) =>
        _commands.Start(["rehearse", .. arguments, "--hold", LongRun.IsOn ? "5s" : "1s", "--seed", "1", "--report", _reports, "--no-build", "--configuration", ScratchCopy.Configuration]);

    private static string CommandLineOf(int process)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
