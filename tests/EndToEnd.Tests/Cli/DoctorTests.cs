using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using EndToEnd.Tests.Extract;
using ModularShop.Modularity.Data;
using Npgsql;

namespace EndToEnd.Tests.Cli;

/// <summary><c>./shop doctor</c>: what is wrong is named with the way out, and what is well is left as it is.</summary>
public sealed class DoctorTests(CliShop shop) : IClassFixture<CliShop>, IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);

    [Fact]
    public async Task A_machine_on_which_nothing_has_run_yet_is_well_and_stays_as_it_is()
    {
        using var doctor = Commands(_database, ("Facade__RoutingFile", Path.Combine(Repository.Root, "src", "Host", "routing.json")));
        var said = (await DoctorAsync(doctor)).ShouldBeDone().Output;
        said.ShouldMatch(@"OK +\.NET SDK: ");
        said.ShouldMatch(@"OK +port of http://127\.0\.0\.1:\d+: It is free\.");
        said.ShouldContain("catalog.db is made by the");
        said.ShouldContain("All is well.");
        Directory.EnumerateFileSystemEntries(_database.Folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_shop_that_runs_is_known_by_its_port_its_tables_and_its_health()
    {
        var url = shop.Host.Address.ToString().TrimEnd('/');
        using var doctor = new CommandLine(
        [
            .. shop.ServiceSettings, ("Urls", url), ("SHOP_URL", url), ("Peers__Listen", $"https://127.0.0.1:{HostProcess.FreePort()}"),
            ("Facade__RoutingFile", Path.Combine(shop.DataFolder, "routing.json")), ("MoveTables__Targets__Catalog__DataFolder", Path.Combine(shop.DataFolder, "service")),
        ]);
        var checks = Checks(await DoctorAsync(doctor, "--json"), exitCode: 0);
        checks.ShouldContain(c => c.About.StartsWith("port of", StringComparison.Ordinal) && c.Found == "Monolith runs, and answers there.");
        checks.ShouldContain(c => c.About == "database of Catalog" && c.Found == "It answers, and has the tables of this version.");
        checks.ShouldContain(c => c.About == "move of Catalog" && c.Found.StartsWith("In the host's database it could begin.", StringComparison.Ordinal));
        checks.ShouldContain(c => c.About.StartsWith("shop at", StringComparison.Ordinal) && c.Found == "It runs, and is ready.");
        checks.ShouldContain(c => c.About.StartsWith("certificate", StringComparison.Ordinal) && c.Found.Contains("days more"));
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_named_at_once_with_the_way_out()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await File.WriteAllTextAsync(Path.Combine(_database.Folder, "routing.json"), """{ "Facade": { "Endpoints": { "Catalog.GetProduct": "Sevice" } } }""");
        using var doctor = Commands(
            _database, ("Urls", $"http://{other.LocalEndpoint}"), ("Database__Provder", "Sqlite"), ("Payments__Provider__Adress", "https://payments.example"),
            ("Messaging__Transport", "RabbitMq"), ("Messaging__RabbitMq__Uri", $"amqp://shop:secret-of-this-test@127.0.0.1:{HostProcess.FreePort()}/"),
            ("Database__Provider", "PostgreSql"), ("Database__ConnectionString", $"Host=127.0.0.1;Port={HostProcess.FreePort()};Database=shop;Username=shop;Password=secret-of-this-test"));
        var said = await DoctorAsync(doctor, "--json");
        said.Output.ShouldNotContain("secret-of-this-test");
        said.Errors.ShouldContain("problems: mend them");
        var checks = Checks(said, exitCode: 1);
        checks.ShouldContain(c => c.Severity == "Problem" && c.About == $"port of http://{other.LocalEndpoint}" && c.Found == "Another program listens there." && c.Mend!.Contains("--urls"));
        checks.ShouldContain(c => c.Severity == "Problem" && c.About == "routing" && c.Found.Contains("'Sevice' is none of the modes"));
        checks.ShouldContain(c => c.Severity == "Problem" && c.About == "message broker" && c.Found.Contains("does not answer"));
        checks.Count(c => c.Severity == "Problem" && c.About.StartsWith("database of", StringComparison.Ordinal) && c.Found.Contains("does not answer")).ShouldBe(5);
        checks.Where(c => c.Severity == "Warning").Select(c => c.Found.Split(": ")[0]).ShouldBe(["Nobody reads Database:Provder", "Nobody reads Payments:Provider:Adress"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_setting_that_keeps_the_program_from_starting_is_named()
    {
        using var doctor = Commands(_database, ("Database__Provider", "Oracle"));
        var said = await DoctorAsync(doctor);
        said.ExitCode.ShouldBe(1);
        said.Output.ReplaceLineEndings(" ").ShouldContain("Database:Provider is 'Oracle'");
        (await doctor.RunAsync("doctor", "--no-build", "-c", "Never")).ShouldSatisfyAllConditions(
            s => s.ExitCode.ShouldBe(1), s => s.Output.ReplaceLineEndings(" ").ShouldContain("The host has not been built"));
        (await doctor.RunAsync("doctor", "--service", "Nothing")).ShouldFail(2, "There is no service 'Nothing'");
    }

    [PostgreSqlFact]
    public async Task Of_a_server_tables_that_are_missing_and_a_log_in_that_is_refused_are_named()
    {
        await using var server = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        using var empty = Commands(server, ("Database__MigrateAtStart", "false"));
        var checks = Checks(await DoctorAsync(empty, "--json"), exitCode: 1);
        checks.Count(c => c.Severity == "Problem" && c.Found.StartsWith("It answers, and lacks", StringComparison.Ordinal) && c.Mend!.Contains("--migrate")).ShouldBe(5);
        checks.ShouldContain(c => c.Severity == "Ok" && c.About.StartsWith("clock of", StringComparison.Ordinal));

        var role = new NpgsqlConnectionStringBuilder(await (await PostgreSqlServer.SharedAsync()).CreateRoleAsync(server.ConnectionString!)) { Password = "not-the-password" };
        using var stranger = Commands(server, ("Database__ConnectionString", role.ToString()));
        var refused = await DoctorAsync(stranger, "--json");
        Checks(refused, exitCode: 1).Count(c => c.Severity == "Problem" && c.Found.Contains("refuses the log-in")).ShouldBe(5, refused.Output);
    }

    [ShiftedClockFact(onPostgreSql: true)]
    public async Task A_clock_that_does_not_agree_with_the_databases_is_named()
    {
        await using var server = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        using var clock = new ShiftedClock();
        clock.Shift(TimeSpan.FromMinutes(5));
        using var doctor = Commands(server, [.. clock.Environment.Select(e => (e.Key, e.Value))]);
        Checks(await DoctorAsync(doctor, "--json"), exitCode: 0).ShouldContain(c => c.Severity == "Warning" && c.About.StartsWith("clock of", StringComparison.Ordinal) && c.Found.Contains("behind this machine's"));
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    private static CommandLine Commands(TestDatabase database, params (string Name, string Value)[] settings)
    {
        var url = $"http://127.0.0.1:{HostProcess.FreePort()}";
        return new CommandLine(
        [
            ("Urls", url), ("SHOP_URL", url), ("Peers__Listen", $"https://127.0.0.1:{HostProcess.FreePort()}"), ("Peers__Certificates", Path.Combine(database.Folder, "peers")),
            .. database.Settings.Select(s => (s.Key.Replace(":", "__", StringComparison.Ordinal), s.Value)), .. settings,
        ]);
    }

    private static Task<Said> DoctorAsync(CommandLine commands, params string[] arguments) => commands.RunAsync(["doctor", "--no-build", "-c", ScratchCopy.Configuration, .. arguments]);

    private static List<(string About, string Severity, string Found, string? Mend)> Checks(Said said, int exitCode)
    {
        said.ExitCode.ShouldBe(exitCode, said.Errors + said.Output);
        return [.. JsonNode.Parse(said.Output)!["checks"]!.AsArray().Select(c => (
            c!["about"]!.GetValue<string>(), c["severity"]!.GetValue<string>(), c["found"]!.GetValue<string>(), c["mend"]?.GetValue<string>()))];
    }
}
