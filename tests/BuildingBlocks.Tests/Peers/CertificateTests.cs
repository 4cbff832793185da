using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Examinations;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Peers;

namespace BuildingBlocks.Tests.Peers;

/// <summary>Mutual TLS between deployables: who gets in, who does not, and why not.</summary>
[Trait(RunOnly.Trait, RunOnly.Once)]
public sealed class CertificateTests : IDisposable
{
    private static readonly Uri Who = new("internal/who", UriKind.Relative);

    private readonly string _folder = Directory.CreateTempSubdirectory("modularshop-").FullName;

    private string Made => Path.Combine(_folder, "data", "peers");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Two_deployables_that_start_at_once_make_one_authority_and_talk_to_each_other()
    {
        var names = new[] { "Monolith", "Catalog", "Shipping", "Ordering" };
        var started = await Task.WhenAll(names.Select(name => Task.Run(() => Peer.StartAsync(name, _folder))));
        try
        {
            started.Count(p => p.Output.Contains("Made the development authority", StringComparison.Ordinal)).ShouldBe(1);
            await using var caller = await Peer.StartAsync("Payments", _folder, [.. names.Select((name, i) => ($"Peers:Addresses:{name}", started[i].Inner.ToString()))]);
            foreach (var name in names)
            {
                (await caller.Clients.For(name).GetStringAsync(Who)).ShouldBe("Payments");
                (await caller.Clients.For(name).GetStringAsync(new Uri("protocol", UriKind.Relative))).ShouldBe("HTTP/2");
            }
        }
        finally
        {
            foreach (var peer in started)
            {
                await peer.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Keys_are_for_their_owner_only_and_what_was_made_is_kept()
    {
        await (await Peer.StartAsync("Catalog", _folder)).DisposeAsync();
        var before = Directory.GetFiles(Made).Order(StringComparer.Ordinal).ToDictionary(f => f, File.ReadAllText, StringComparer.Ordinal);
        before.Keys.Select(Path.GetFileName).ShouldBe([".lock", "Catalog.key", "Catalog.pem", "authority.key", "authority.pem"]);
        if (!OperatingSystem.IsWindows())
        {
            foreach (var key in before.Keys.Where(f => f.EndsWith(".key", StringComparison.Ordinal)))
            {
                File.GetUnixFileMode(key).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }

        await (await Peer.StartAsync("Catalog", _folder)).DisposeAsync();
        Directory.GetFiles(Made).Order(StringComparer.Ordinal).ToDictionary(f => f, File.ReadAllText, StringComparer.Ordinal).ShouldBe(before);
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(Made, "Catalog.pem"));
        certificate.MatchesHostname("localhost").ShouldBeTrue();
        certificate.MatchesHostname("127.0.0.1").ShouldBeTrue();
        certificate.MatchesHostname("catalog").ShouldBeTrue();
    }

    [Theory]
    [InlineData("authority.key")]
    [InlineData("authority.pem")]
    [InlineData("Catalog.key")]
    [InlineData("Catalog.pem")]
    public async Task What_a_crash_left_half_made_is_made_anew(string half)
    {
        await (await Peer.StartAsync("Catalog", _folder)).DisposeAsync();
        File.WriteAllText(Path.Combine(Made, half), "-----BEGIN");
        await using var catalog = await Peer.StartAsync("Catalog", _folder);
        await using var caller = await Peer.StartAsync("Shipping", _folder, ("Peers:Addresses:Catalog", catalog.Inner.ToString()));
        (await caller.Clients.For("Catalog").GetStringAsync(Who)).ShouldBe("Shipping");
    }

    [Fact]
    public async Task A_client_without_a_certificate_is_refused()
    {
        await using var catalog = await Peer.StartAsync("Catalog", _folder);
        await ShouldRefuseAsync(catalog, null, "it presents no certificate");
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_refused()
    {
        await using var catalog = await Peer.StartAsync("Catalog", _folder);
        using var stranger = new Authority();
        using var shown = stranger.Make("Monolith", TimeProvider.System.GetUtcNow().AddDays(1));
        await ShouldRefuseAsync(catalog, shown, "'CN=Monolith'", "is not one of our authority but of 'CN=An authority'");
    }

    [Fact]
    public async Task A_certificate_of_another_authority_of_the_same_name_is_refused()
    {
        using var ours = new Authority();
        using var theirs = new Authority();
        await using var catalog = await Peer.StartAsync("Catalog", _folder, ours.Give(_folder, "Catalog"));
        using var shown = theirs.Make("Monolith", TimeProvider.System.GetUtcNow().AddDays(1));
        await ShouldRefuseAsync(catalog, shown, "is not one of our authority");
    }

    [Fact]
    public async Task An_expired_certificate_is_refused_and_a_good_one_is_not()
    {
        using var authority = new Authority();
        await using var catalog = await Peer.StartAsync("Catalog", _folder, authority.Give(_folder, "Catalog"));
        using (var good = authority.Make("Monolith", TimeProvider.System.GetUtcNow().AddDays(1)))
        using (var client = Authority.Client(catalog.Inner, good))
        {
            (await client.GetStringAsync(Who)).ShouldBe("Monolith");
        }

        using var expired = authority.Make("Monolith", TimeProvider.System.GetUtcNow().AddDays(-1));
        await ShouldRefuseAsync(catalog, expired, "expired at");
    }

    [Fact]
    public async Task A_peer_with_another_name_than_the_one_it_was_looked_up_by_is_refused()
    {
        await using var shipping = await Peer.StartAsync("Shipping", _folder);
        await using var caller = await Peer.StartAsync("Monolith", _folder, ("Peers:Addresses:Catalog", shipping.Inner.ToString()));
        var refused = await Should.ThrowAsync<HttpRequestException>(() => caller.Clients.For("Catalog").GetStringAsync(Who));
        refused.ToString().ShouldContain("'CN=Shipping'");
        refused.ToString().ShouldContain("is not the one of Catalog");
        caller.Output.ShouldContain("Warning: Did not talk to Catalog at 127.0.0.1");
    }

    [Fact]
    public async Task A_server_of_another_authority_gets_no_request()
    {
        using var stranger = new Authority();
        await using var impostor = await Peer.StartAsync("Catalog", _folder, stranger.Give(_folder, "Catalog"));
        await using var caller = await Peer.StartAsync("Monolith", _folder, ("Peers:Addresses:Catalog", impostor.Inner.ToString()));
        (await Should.ThrowAsync<HttpRequestException>(() => caller.Clients.For("Catalog").GetStringAsync(Who))).ToString().ShouldContain("is not one of our authority");
    }

    [Fact]
    public async Task Renewed_certificates_are_used_without_a_restart_by_listener_and_client()
    {
        using var first = new Authority();
        using var second = new Authority();
        await using var catalog = await Peer.StartAsync("Catalog", _folder, first.Give(_folder, "Catalog"));
        await using var caller = await Peer.StartAsync("Monolith", _folder, [.. first.Give(_folder, "Monolith"), ("Peers:Addresses:Catalog", catalog.Inner.ToString())]);
        (await AskAnewAsync(caller, catalog)).ShouldBe("Monolith");

        second.Give(_folder, "Catalog");
        (await Should.ThrowAsync<HttpRequestException>(() => AskAnewAsync(caller, catalog))).ToString().ShouldContain("is not one of our authority");
        catalog.Output.ShouldContain("Information: The certificate for peers was renewed");

        second.Give(_folder, "Monolith");
        (await AskAnewAsync(caller, catalog)).ShouldBe("Monolith");
    }

    [Fact]
    public async Task Files_that_cannot_be_used_change_nothing()
    {
        using var authority = new Authority();
        await using var catalog = await Peer.StartAsync("Catalog", _folder, authority.Give(_folder, "Catalog"));
        await using var caller = await Peer.StartAsync("Monolith", _folder, [.. authority.Give(_folder, "Monolith"), ("Peers:Addresses:Catalog", catalog.Inner.ToString())]);
        foreach (var (file, content) in new[] { ("Catalog.crt", ""), ("Catalog.key", "-----BEGIN PRIVATE"), ("Catalog.authority", "nothing") })
        {
            var path = Path.Combine(_folder, file);
            var before = await File.ReadAllTextAsync(path);
            await File.WriteAllTextAsync(path, content);
            (await AskAnewAsync(caller, catalog)).ShouldBe("Monolith", file);
            await File.WriteAllTextAsync(path, before);
        }

        File.Delete(Path.Combine(_folder, "Catalog.key"));
        (await AskAnewAsync(caller, catalog)).ShouldBe("Monolith");
        catalog.Output.Split('\n').Count(l => l.StartsWith("Warning: The renewed certificate for peers is not used", StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(4);
    }

    [Fact]
    public async Task A_certificate_that_peers_would_refuse_stops_the_start()
    {
        using var authority = new Authority();
        using var stranger = new Authority();
        await ShouldNotStartAsync(authority.Give(_folder, "Catalog", TimeProvider.System.GetUtcNow().AddDays(-1)), "expired at");
        await ShouldNotStartAsync(authority.Give(_folder, "Catalog", authority: stranger), "is not one of our authority");
        await ShouldNotStartAsync(authority.Give(_folder, "Shipping"), "is not the one of Catalog");
        await ShouldNotStartAsync([("Peers:CertificateFile", "gone.pem"), ("Peers:KeyFile", "gone.pem"), ("Peers:AuthorityFile", "gone.pem")], "gone.pem");
        await ShouldNotStartAsync([("Peers:CertificateFile", "alone.pem")], "set all three or none");
    }

    [Fact]
    public async Task In_production_certificates_are_made_only_where_that_is_asked_for()
    {
        (await Should.ThrowAsync<OptionsValidationException>(() => Peer.StartAsync("Catalog", _folder, "Production", null))).Message.ShouldContain("Peers:DevelopmentCertificates");
        Directory.Exists(Made).ShouldBeFalse();
        await using var catalog = await Peer.StartAsync("Catalog", _folder, "Production", null, ("Peers:DevelopmentCertificates", "true"));
        File.Exists(Path.Combine(Made, "Catalog.pem")).ShouldBeTrue();
    }

    [Theory]
    [InlineData(90, Severity.Ok, "89 days more")]
    [InlineData(10, Severity.Warning, "9 days more")]
    [InlineData(-1, Severity.Problem, "expired")]
    public async Task How_long_a_certificate_is_good_is_said_before_it_is_needed(int days, Severity severity, string said)
    {
        using var authority = new Authority();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production", ContentRootPath = _folder });
        builder.Configuration.AddInMemoryCollection(
            authority.Give(_folder, "Catalog", TimeProvider.System.GetUtcNow().AddDays(days)).ToDictionary(s => s.Key, s => (string?)s.Value, StringComparer.Ordinal));
        builder.AddPlatform("Catalog");
        await using var app = builder.Build();

        var finding = await app.Services.GetRequiredService<PeerCertificates>().ExamineAsync(CancellationToken.None);

        finding.Severity.ShouldBe(severity);
        finding.Found.ShouldContain(said);
    }

    private async Task ShouldNotStartAsync((string, string)[] settings, string because)
    {
        var refused = await Should.ThrowAsync<Exception>(() => Peer.StartAsync("Catalog", _folder, settings));
        StartFailure.LineFor(refused).ShouldNotBeNull(refused.ToString()).ShouldContain(because);
    }

    /// <summary>Over a connection of its own.</summary>
    private static async Task<string> AskAnewAsync(Peer caller, Peer callee)
    {
        using var invoker = caller.Clients.CreateInvoker("Catalog");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(callee.Inner, Who)) { Version = PeerClients.Version };
        using var response = await invoker.SendAsync(request, CancellationToken.None);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task ShouldRefuseAsync(Peer peer, X509Certificate2? shown, params string[] said)
    {
        using var client = Authority.Client(peer.Inner, shown);
        await Should.ThrowAsync<HttpRequestException>(() => client.GetStringAsync(Who));
        var line = await Eventually.GetAsync(
            () => Task.FromResult(peer.Output.Split('\n').FirstOrDefault(l => l.StartsWith("Warning: Refused a peer at 127.0.0.1", StringComparison.Ordinal))), "the refusal in the log");
        foreach (var part in said)
        {
            line.ShouldContain(part);
        }
    }
}
