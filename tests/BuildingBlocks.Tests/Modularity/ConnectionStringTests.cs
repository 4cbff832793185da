using Microsoft.Data.SqlClient;
using Npgsql;

namespace BuildingBlocks.Tests.Modularity;

/// <summary>What the shop adds to a connection string, where that does not say otherwise.</summary>
public sealed class ConnectionStringTests
{
    [Fact]
    public void On_sql_server_a_connection_is_not_waited_for_long_and_an_outage_that_is_over_is_over()
    {
        var connection = SqlServer("Server=db;Database=shop");
        (connection.ConnectTimeout, connection.PoolBlockingPeriod).ShouldBe((5, PoolBlockingPeriod.NeverBlock));
        (connection.DataSource, connection.InitialCatalog).ShouldBe(("db", "shop"));
    }

    [Theory]
    [InlineData("Connect Timeout")]
    [InlineData("Connection Timeout")]
    [InlineData("Timeout")]
    public void On_sql_server_what_is_configured_stays(string keyword)
    {
        var connection = SqlServer($"Server=db;{keyword}=40;Pool Blocking Period=AlwaysBlock");
        (connection.ConnectTimeout, connection.PoolBlockingPeriod).ShouldBe((40, PoolBlockingPeriod.AlwaysBlock));
    }

    [Fact]
    public void On_postgresql_what_is_configured_stays()
    {
        var plain = PostgreSql("Host=db");
        (plain.Timeout, plain.MaxAutoPrepare, plain.NoResetOnClose).ShouldBe((5, 100, true));
        var connection = PostgreSql("Host=db;Timeout=40;Options=-c x=y;No Reset On Close=false");
        (connection.Timeout, connection.Options, connection.NoResetOnClose).ShouldBe((40, "-c x=y", false));
    }

    [Theory]
    [InlineData("Max Auto Prepare")]
    [InlineData("MaxAutoPrepare")]
    [InlineData("max auto prepare")]
    public void On_postgresql_whoever_has_a_pooler_that_takes_no_prepared_statements_says_so(string keyword) =>
        PostgreSql($"Host=db;{keyword}=0").MaxAutoPrepare.ShouldBe(0);

    private static NpgsqlConnectionStringBuilder PostgreSql(string configured) => new(Of(DatabaseProvider.PostgreSql, configured));

    private static SqlConnectionStringBuilder SqlServer(string configured) => new(Of(DatabaseProvider.SqlServer, configured));

    private static string Of(DatabaseProvider engine, string configured) =>
        ModuleDatabase.ConnectionStringOf("Sender", new DatabaseOptions { Provider = engine, ConnectionString = configured }, Path.GetTempPath());
}
