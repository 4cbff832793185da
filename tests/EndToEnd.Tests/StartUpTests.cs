using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;

namespace EndToEnd.Tests;

/// <summary>What a user can get wrong at start-up is answered by one sentence and exit code 1.</summary>
public sealed class StartUpTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("modularshop-").FullName;

    [Fact]
    public async Task The_first_start_creates_everything_and_says_where_to_go_and_as_whom()
    {
        await using var host = await HostProcess.StartAndWaitAsync(_folder);
        await Eventually.TrueAsync(() => Task.FromResult(host.Output.Contains("Stop with Ctrl+C.", StringComparison.Ordinal)), "the welcome text");
        host.Output.ShouldContain($"{host.Address}openapi");
        host.Output.ShouldContain("demo@modularshop.example");
        host.Output.ShouldContain("operator@modularshop.example");
        Directory.GetFiles(_folder, "*.db").Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .ShouldBe(["catalog.db", "customers.db", "ordering.db", "payments.db", "shipping.db"]);
        (await host.Client.GetStringAsync(new Uri("/", UriKind.Relative))).ShouldContain("OpenAPI document");
        (await host.Client.GetStringAsync(new Uri("/openapi/index.html", UriKind.Relative))).ShouldContain("swagger-ui");
        (await host.Client.GetStringAsync(new Uri("/openapi/shop.json", UriKind.Relative))).ShouldContain("Catalog.GetProduct");
        await host.Client.GetAsync(new Uri("/no/such/page", UriKind.Relative)).ShouldFailAsync(404, "request.not_found");
        await host.Client.DeleteAsync(new Uri("/api/v1/catalog/products", UriKind.Relative)).ShouldFailAsync(405, "request.method_not_allowed");
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var host = HostProcess.Start(_folder, port: port);
        (await host.ExitCodeAsync()).ShouldBe(1);
        host.Output.ShouldContain($"127.0.0.1:{port}");
        host.Output.ShouldContain("Another program listens there");
        host.Output.ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData("Messaging:MaxAttempts", "0", "Messaging:MaxAttempts must be 1 to 100.")]
    [InlineData("Database:StartupWaitSeconds", "-1", "Database:StartupWaitSeconds must be 0 to 3600.")]
    [InlineData("RateLimits:RequestsPerSecond", "0", "RateLimits:RequestsPerSecond must be 1 to 1000000.")]
    public async Task A_configuration_value_out_of_range_is_named(string key, string value, string expected)
    {
        await using var host = HostProcess.Start(_folder, settings: (key, value));
        (await host.ExitCodeAsync()).ShouldBe(1);
        host.Output.ShouldContain(expected);
        host.Output.ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData("Database:Provider", "Oracle")]
    [InlineData("Catalog:Jobs:ExpireReservations", "often")]
    public async Task A_configuration_value_that_cannot_be_read_is_named(string key, string value)
    {
        await using var host = HostProcess.Start(_folder, settings: (key, value));
        (await host.ExitCodeAsync()).ShouldBe(1);
        host.Output.ShouldContain(key.Split(':')[^1]);
        host.Output.ShouldContain(value);
        host.Output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_database_that_another_program_locks_stops_the_start_with_its_name()
    {
        await using (await HostProcess.StartAndWaitAsync(_folder))
        {
            // Creates the files.
        }

        await using var locker = new SqliteConnection($"Data Source={Path.Combine(_folder, "catalog.db")};Pooling=False");
        await locker.OpenAsync();
        await using var command = locker.CreateCommand();
        command.CommandText = "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;";
        await command.ExecuteNonQueryAsync();
        await using var host = HostProcess.Start(_folder);
        (await host.ExitCodeAsync()).ShouldBe(1);
        host.Output.ShouldContain("The database of Catalog");
        host.Output.ShouldContain("locked");
        host.Output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_written_is_named()
    {
        var file = Path.Combine(_folder, "not-a-folder");
        await File.WriteAllTextAsync(file, "");
        await using var host = HostProcess.Start(file);
        (await host.ExitCodeAsync()).ShouldBe(1);
        host.Output.ShouldContain(file);
        host.Output.ShouldContain("Database:DataFolder");
        host.Output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_start_that_was_killed_half_way_is_finished_by_the_next()
    {
        await using (var killed = HostProcess.Start(_folder))
        {
            await Eventually.TrueAsync(() => Task.FromResult(Directory.GetFiles(_folder, "*.db").Length > 0), "the first database file");
            await killed.KillAsync();
        }

        await using var host = await HostProcess.StartAndWaitAsync(_folder);
        (await host.Client.GetStringAsync(new Uri("/health/ready", UriKind.Relative))).ShouldContain("Healthy");
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
