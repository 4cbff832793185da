using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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

    [Fact]
    public async Task A_server_whose_certificate_nobody_trusts_is_named_at_once_with_the_way_out()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=of its own making", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = new CancellationTokenSource();
        var serving = ShakeHandsAsync(listener, certificate, stop.Token);
        // Strict is TLS from the first byte on; otherwise the certificate is looked at as well, behind SQL Server's own greeting.
        var untrusted = new SqlConnectionStringBuilder
        {
            DataSource = $"127.0.0.1,{((IPEndPoint)listener.LocalEndpoint).Port}", UserID = "shop", Password = "none", Encrypt = SqlConnectionEncryptOption.Strict,
        }.ToString();
        var folder = Directory.CreateTempSubdirectory("modularshop-").FullName;
        try
        {
            await using var host = HostProcess.Start(folder, settings: [("Database:Provider", nameof(DatabaseProvider.SqlServer)), ("Database:ConnectionString", untrusted)]);
            (await host.ExitCodeAsync()).ShouldBe(1, host.Output);
            host.Output.ShouldContain("shows a certificate that is not trusted here");
            host.Output.ShouldContain("TrustServerCertificate=true");
            host.Output.ShouldNotContain("waiting for the database");
            host.Output.ShouldNotContain("   at ");
        }
        finally
        {
            await stop.CancelAsync();
            await serving;
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task ShakeHandsAsync(TcpListener listener, X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync(cancellationToken);
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, cancellationToken);
                await tls.ReadExactlyAsync(new byte[1], cancellationToken);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or AuthenticationException)
            {
                // The client has turned away, or the test is over.
            }
        }
    }
}
