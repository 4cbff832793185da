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
        (await host.Client.GetStringAsync(new Uri("/", UriKind.Relative))).ShouldContain("Departments");
        (await host.Client.GetStringAsync(new Uri("/developers", UriKind.Relative))).ShouldContain("OpenAPI document");
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
        await host.ShouldRefuseToStartAsync($"127.0.0.1:{port}", "Another program listens there");
    }

    [Theory]
    [InlineData("http://192.0.2.1:5081", "Failed to listen on http://192.0.2.1:5081")] // an address of nobody's
    [InlineData("localhost:5081", "http://localhost:5081")]
    [InlineData("https://127.0.0.1:0", "certificate")]
    public async Task An_address_that_cannot_be_listened_on_is_named(string urls, string said)
    {
        await using var host = HostProcess.Start(_folder, settings: ("urls", urls));
        await host.ShouldRefuseToStartAsync(said);
    }

    [Fact]
    public async Task A_routing_table_in_the_database_of_no_module_is_named()
    {
        await using var host = HostProcess.Start(_folder, settings: [("Facade:Store", "Database"), ("Facade:StoreIn", "Nothing")]);
        await host.ShouldRefuseToStartAsync("Facade:StoreIn is 'Nothing'", "one of Catalog, Ordering, Payments, Shipping, Customers");
    }

    [Theory]
    [InlineData("Messaging:MaxAttempts", "0", "Messaging:MaxAttempts must be 1 to 100.")]
    [InlineData("Messaging:MaxPollMilliseconds", "9", "Messaging:MaxPollMilliseconds must be 10 to 10000.")]
    [InlineData("Database:Provider", "Oracle", "Database:Provider is 'Oracle'; it must be one of Sqlite, SqlServer, PostgreSql.")]
    [InlineData("Logging:LogLevel:Default", "Loud", "'Loud' is not supported. See Logging:LogLevel")]
    [InlineData("Database:StartupWaitSeconds", "-1", "Database:StartupWaitSeconds must be 0 to 3600.")]
    [InlineData("RateLimits:RequestsPerSecond", "0", "RateLimits:RequestsPerSecond must be 1 to 1000000.")]
    [InlineData("RateLimits:WritesPerSecond", "0", "RateLimits:WritesPerSecond must be 1 to 1000000.")]
    [InlineData("AnswerCache:MaxAgeSeconds", "61", "AnswerCache:MaxAgeSeconds must be 0 to 60.")]
    [InlineData("Cors:Origins:0", "https://shop.example/", "Cors:Origins:0 is 'https://shop.example/'; it must be an origin such as https://shop.example")]
    [InlineData("ForwardedHeaders:Proxies:0", "somewhere", "ForwardedHeaders:Proxies must be addresses such as 10.0.0.7 or networks such as 10.0.0.0/8.")]
    [InlineData("Facade:Store", "Cloud", "Facade:Store")]
    [InlineData("Facade:Dns:RefreshSeconds", "0", "Facade:Dns:RefreshSeconds must be 1 to 3600.")]
    public async Task A_configuration_value_out_of_range_is_named(string key, string value, string expected)
    {
        await using var host = HostProcess.Start(_folder, settings: (key, value));
        await host.ShouldRefuseToStartAsync(expected);
    }

    [Theory]
    [InlineData("Messaging:MaxAttempts", "many")]
    [InlineData("Catalog:Jobs:ExpireReservations", "often")]
    public async Task A_configuration_value_that_cannot_be_read_is_named(string key, string value)
    {
        await using var host = HostProcess.Start(_folder, settings: (key, value));
        await host.ShouldRefuseToStartAsync(key.Split(':')[^1], value);
    }

    [Fact]
    public async Task A_configuration_file_that_is_no_json_is_named()
    {
        var file = Path.Combine(_folder, "appsettings.json");
        await File.WriteAllTextAsync(file, "{ \"Urls\": }");
        await using var host = HostProcess.Start(_folder, settings: ("contentRoot", _folder));
        await host.ShouldRefuseToStartAsync(file, "LineNumber: 0");
    }

    [Theory]
    [InlineData("PostgreSql")]
    [InlineData("SqlServer")]
    public async Task A_server_without_a_connection_string_is_named(string provider)
    {
        await using var host = HostProcess.Start(_folder, settings: ("Database:Provider", provider));
        await host.ShouldRefuseToStartAsync($"Database:Provider is {provider}", "Database:ConnectionString");
    }

    [Fact]
    public async Task A_message_whose_older_versions_nobody_upcasts_is_named_and_so_is_what_to_add()
    {
        await using var host = HostProcess.StartProgram("tests/HostWithoutUpcaster", _folder);
        await host.ShouldRefuseToStartAsync("HostWithoutUpcaster.LetterPosted is in version 2, but nothing upcasts its version 1", "IUpcaster<LetterPosted>");
        Directory.GetFiles(_folder).ShouldBeEmpty("no database is touched");
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
        await host.ShouldRefuseToStartAsync("The database of Catalog", "locked");
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_written_is_named()
    {
        var file = Path.Combine(_folder, "not-a-folder");
        await File.WriteAllTextAsync(file, "");
        await using var host = HostProcess.Start(file);
        await host.ShouldRefuseToStartAsync(file, "Database:DataFolder");
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
