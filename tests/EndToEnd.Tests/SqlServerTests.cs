using Microsoft.Data.SqlClient;
using ModularShop.Modularity.Data;

namespace EndToEnd.Tests;

/// <summary>The shop on SQL Server: the whole suites run there with MODULARSHOP_TEST_DATABASE=SqlServer, this runs wherever there is one.</summary>
public sealed class SqlServerTests
{
    [SqlServerFact]
    public async Task On_an_empty_database_the_host_makes_its_tables_and_somebody_buys_something()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.SqlServer);
        var (exitCode, output) = await HostProcess.MigrateAsync(database, "Development");
        exitCode.ShouldBe(0, output);
        await using var host = await HostProcess.StartAndWaitAsync(database);
        var shopper = await Shopper.RegisterAsync(host.Client);
        var order = await shopper.BuyAsync("KIT-0101", 2);
        await shopper.BecomesAsync(order, "confirmed", "shipped", "delivered", "completed");
    }

    [SqlServerFact]
    public async Task Two_hosts_that_start_at_once_on_an_empty_database_both_start()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.SqlServer);
        await using var first = HostProcess.Start(database);
        await using var second = HostProcess.Start(database);
        await first.ReadyAsync();
        await second.ReadyAsync();
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_waited_for_and_then_named_in_one_sentence()
    {
        var nowhere = new SqlConnectionStringBuilder { DataSource = $"127.0.0.1,{HostProcess.FreePort()}", UserID = "shop", Password = "none", ConnectTimeout = 2 }.ToString();
        var folder = Directory.CreateTempSubdirectory("modularshop-").FullName;
        try
        {
            await using var host = HostProcess.Start(folder, settings: [
                ("Database:Provider", nameof(DatabaseProvider.SqlServer)), ("Database:ConnectionString", nowhere), ("Database:StartupWaitSeconds", "6"),
            ]);
            (await host.ExitCodeAsync()).ShouldBe(1, host.Output);
            host.Output.ShouldContain("waiting for the database to come up");
            host.Output.ShouldContain("The server was not found or was not accessible");
            host.Output.ShouldContain("Check that it is up, that no other program locks it, and what Database:ConnectionString says.");
            host.Output.ShouldNotContain("   at ");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
