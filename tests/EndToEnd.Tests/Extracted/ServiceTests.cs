using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Security;

namespace EndToEnd.Tests.Extracted;

/// <summary>A module in a process of its own, on the data the host made, answers its peers as the host would.</summary>
public sealed class ServiceTests
{
    private static readonly Uri Ready = new("/health/ready", UriKind.Relative);
    private static readonly Uri Stock = new("/api/v1/catalog/products/KIT-0101/stock", UriKind.Relative);

    [Fact]
    [Trait(RunOnly.Trait, RunOnly.Long)]
    public Task On_sqlite_a_service_answers_as_the_host_does() => AnswersAsTheHostDoesAsync(DatabaseProvider.Sqlite);

    [PostgreSqlFact]
    public Task On_postgresql_a_service_answers_as_the_host_does() => AnswersAsTheHostDoesAsync(DatabaseProvider.PostgreSql);

    [Fact]
    public async Task A_service_that_starts_before_the_host_waits_for_its_tables_and_makes_none()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var deployment = new Deployment(database, ["Catalog"]);
        var catalog = deployment.Start("Catalog");
        await Eventually.TrueAsync(
            () => Task.FromResult(catalog.Output.Contains("Catalog: waiting for the host to make the tables", StringComparison.Ordinal)), "the service to say that it waits");
        Directory.GetFiles(database.Folder, "*.db").ShouldBeEmpty();
        deployment.Start(Deployable.Monolith);
        await catalog.ReadyAsync();
        await catalog.Client.GetAsync(new Uri("/api/v1/catalog/products/KIT-0101", UriKind.Relative)).ShouldBeAsync(200);
    }

    [Theory]
    [InlineData("Database:StartupWaitSeconds", "0", "Catalog has no tables to be attached to", "Start the host")]
    [InlineData("Peers:Listen", "", "Peers:Listen is not set", "a service answers its peers alone")]
    public async Task A_service_that_cannot_be_started_says_why(string key, string value, params string[] said)
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var deployment = new Deployment(database, ["Catalog"], _ => [(key, value)]);
        await deployment.Start("Catalog").ShouldRefuseToStartAsync(said);
        Directory.GetFiles(database.Folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_service_with_a_database_of_its_own_makes_its_tables_and_nothing_in_them()
    {
        await using var database = await TestDatabase.FilledAsync(DatabaseProvider.Sqlite);
        var own = Directory.CreateDirectory(Path.Combine(database.Folder, "own")).FullName;
        await using var deployment = new Deployment(database, ["Catalog"], d => d == "Catalog" ? [("Service:Data", "Own"), ("Database:DataFolder", own)] : []);
        var catalog = deployment.Start("Catalog");
        await deployment.Start(Deployable.Monolith).ReadyAsync();
        await catalog.ReadyAsync();
        var said = (await catalog.Client.GetAsync(Ready).ShouldBeAsync(200))["checks"]!["deployable"]!["data"]!;
        said["data"]!.GetValue<string>().ShouldBe("Empty");
        said["modules"]!["Catalog"]!["owner"]!.GetValue<string>().ShouldBe("Monolith");
        await using var tables = TestDatabase.SqliteIn(own).Open<ModularShop.Catalog.Infrastructure.CatalogDbContext>();
        tables.Set<ModularShop.Catalog.Domain.Product>().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_endpoint_that_is_routed_to_a_service_is_answered_by_it_and_back_again()
    {
        await using var database = await TestDatabase.FilledAsync(DatabaseProvider.Sqlite);
        await using var deployment = await Deployment.StartAsync(database, ["Catalog"]);
        foreach (var (mode, answers) in new[] { ("Service", "catalog-service"), ("Monolith", "monolith") })
        {
            deployment.Route(("Catalog.GetProduct", mode));
            await Eventually.TrueAsync(
                async () =>
                {
                    using var response = await deployment.Host.Client.GetAsync(new Uri("/api/v1/catalog/products/KIT-0101", UriKind.Relative));
                    response.StatusCode.ShouldBe(HttpStatusCode.OK);
                    return response.Headers.GetValues("X-Answered-By").Single().StartsWith(answers, StringComparison.Ordinal);
                },
                $"{answers} to answer");
        }
    }

    [Fact]
    public async Task A_service_checks_tokens_while_the_host_is_down_and_learns_a_new_key_when_a_token_bears_it()
    {
        using var first = new TestTokens();
        using var second = new TestTokens();
        var signing = first;
        await using var database = await TestDatabase.FilledAsync(DatabaseProvider.Sqlite);
        await using var deployment = await Deployment.StartAsync(database, ["Catalog"], d => d == Deployable.Monolith ? [("Customers:SigningKey", signing.Pem)] : []);
        var catalog = deployment["Catalog"].Client;
        var before = await deployment.Host.OperatorTokenAsync();
        await GetAsync(catalog, Stock, before).ShouldBeAsync(200);

        await deployment.KillAsync(Deployable.Monolith);
        await GetAsync(catalog, Stock, before).ShouldBeAsync(200);
        await catalog.GetAsync(Ready).ShouldBeAsync(200);

        signing = second;
        await deployment.Start(Deployable.Monolith).ReadyAsync();
        var after = await deployment.Host.OperatorTokenAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await GetAsync(catalog, Stock, after);
                return response.IsSuccessStatusCode;
            },
            "the new key to be known");
        await GetAsync(catalog, Stock, before).ShouldFailAsync(401, "request.unauthenticated");
    }

    private static async Task AnswersAsTheHostDoesAsync(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.FilledAsync(provider);
        await using var deployment = await Deployment.StartAsync(database, ["Catalog", "Shipping"]);
        foreach (var (service, path) in new[]
        {
            ("Catalog", "/api/v1/catalog/products?size=50"), ("Catalog", "/api/v1/catalog/products/KIT-0101"), ("Catalog", "/api/v1/catalog/categories"),
            ("Shipping", "/api/v1/shipping/rates?country=DE&weightGrams=1000"), ("Shipping", "/api/v1/shipping/tracking/UNKNOWN"),
        })
        {
            var (theHost, theService) = (await AnswerAsync(deployment.Host, path), await AnswerAsync(deployment[service], path));
            theService.ShouldBe(theHost, path);
        }

        await ChecksTokensAsync(deployment);
        await SaysWhatItIsAsync(deployment, "Catalog");
        await SaysWhatItIsAsync(deployment, "Shipping");
        await IsForPeersAloneAsync(deployment["Catalog"].Address);
        await IsForPeersAloneAsync(deployment.PeerAddress(Deployable.Monolith));
    }

    private static async Task ChecksTokensAsync(Deployment deployment)
    {
        var catalog = deployment["Catalog"].Client;
        var customer = (await deployment.Host.Client.PostAsJsonAsync(
            new Uri("/api/v1/customers/login", UriKind.Relative), new { email = "demo@modularshop.example", password = "demo-customer-1" }).ShouldBeAsync(200))["accessToken"]!.GetValue<string>();
        await GetAsync(catalog, Stock, await deployment.Host.OperatorTokenAsync()).ShouldBeAsync(200);
        await GetAsync(catalog, Stock, customer).ShouldFailAsync(403, "request.forbidden");
        await GetAsync(catalog, Stock, TestTokens.Forge(Guid.CreateVersion7(), Access.Operator, TimeProvider.System.GetUtcNow())).ShouldFailAsync(401, "request.unauthenticated");
        await GetAsync(catalog, Stock, customer[..^4] + "AAAA").ShouldFailAsync(401, "request.unauthenticated");
        await GetAsync(catalog, Stock, "no token").ShouldFailAsync(401, "request.unauthenticated");
        await catalog.GetAsync(Stock).ShouldFailAsync(401, "request.unauthenticated");
    }

    private static async Task SaysWhatItIsAsync(Deployment deployment, string service)
    {
        var client = deployment[service].Client;
        await client.GetAsync(new Uri("/health/live", UriKind.Relative)).ShouldBeAsync(200);
        var data = (await client.GetAsync(Ready).ShouldBeAsync(200))["checks"]!["deployable"]!["data"]!;
        data["name"]!.GetValue<string>().ShouldBe(service);
        data["version"]!.GetValue<string>().ShouldNotBeEmpty();
        data["data"]!.GetValue<string>().ShouldBe("Attached");
        data["modules"]!.AsObject().Select(m => m.Key).ShouldBe([service]);
        data["modules"]![service]!["owner"]!.GetValue<string>().ShouldBe("Monolith");
        data["modules"]![service]!["epoch"]!.GetValue<long>().ShouldBe(1);
        var api = await client.GetAsync(new Uri($"/openapi/{service.ToLowerInvariant()}.json", UriKind.Relative)).ShouldBeAsync(200);
        api["paths"]!.AsObject().ShouldNotBeEmpty();
    }

    private static async Task IsForPeersAloneAsync(Uri address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var foreign = new CertificateRequest("CN=Catalog", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        foreach (var shown in new X509Certificate2?[] { null, foreign })
        {
            using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } };
            handler.SslOptions.ClientCertificates = shown is null ? null : [shown];
#pragma warning disable RS0030 // a stranger's client
            using var stranger = new HttpClient(handler);
#pragma warning restore RS0030
            await Should.ThrowAsync<HttpRequestException>(() => stranger.GetAsync(new Uri(address, "/health/live")));
        }
    }

    /// <summary>Status, media type and body; of a failure without the trace, which is another each time.</summary>
    private static async Task<(HttpStatusCode, string?, string)> AnswerAsync(HostProcess process, string path)
    {
        using var response = await process.Client.GetAsync(new Uri(path, UriKind.Relative));
        var body = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
        {
            var problem = JsonNode.Parse(body)!.AsObject();
            problem.Remove("traceId").ShouldBeTrue();
            body = problem.ToJsonString();
        }

        return (response.StatusCode, response.Content.Headers.ContentType?.ToString(), body);
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client, Uri path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Version = client.DefaultRequestVersion };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await client.SendAsync(request);
    }
}
