using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ModularShop.Customers.Infrastructure.Tokens;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Peers;
using static Modules.Tests.Customers.People;

namespace Modules.Tests.Customers;

[Trait(RunOnly.Trait, RunOnly.Once)]
public sealed class SigningKeyTests
{
    [Fact]
    public async Task Outside_development_a_missing_key_refuses_the_start_and_says_how_to_make_one()
    {
        using var folder = new TemporaryFolder();
        await using var host = HostProcess.Start(folder.Path, "Production");
        (await host.ExitCodeAsync()).ShouldBe(1);
        host.Output.ShouldContain("Customers:SigningKey is not set");
        host.Output.ShouldContain("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
        host.Output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_key_that_is_none_refuses_the_start_and_is_not_repeated()
    {
        using var folder = new TemporaryFolder();
        const string broken = "-----BEGIN PRIVATE KEY-----\\nc2VjcmV0\\n-----END PRIVATE KEY-----";
        await using var host = HostProcess.Start(folder.Path, "Production", port: null, ("Customers:SigningKey", broken), ("Customers:PreviousSigningKeys:0", "/no/such.pem"));
        (await host.ExitCodeAsync()).ShouldBe(1);
        host.Output.ShouldContain("Customers:SigningKey is no private P-256 key");
        host.Output.ShouldContain("Customers:PreviousSigningKeys:0 names a file that cannot be read");
        host.Output.ShouldNotContain("c2VjcmV0");
    }

    [Fact]
    [SuppressMessage("Interoperability", "CA1416", Justification = "The modes of files are looked at where there are any.")]
    public async Task In_development_a_key_is_made_once_and_only_its_owner_can_read_it()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "keys", "signing.pem");
        string made;
        string token;
        await using (var first = await HostProcess.StartAndWaitAsync(folder.Path))
        {
            token = await LogInAsync(first, "Demo:Customer", "demo@modularshop.example", "demo-customer-1");
            made = await File.ReadAllTextAsync(file);
            made.ShouldStartWith("-----BEGIN PRIVATE KEY-----");
            if (!OperatingSystem.IsWindows())
            {
                File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            // The demo customer has a name and a default address.
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{Api}/me");
            request.Headers.Authorization = new("Bearer", token);
            var me = await first.Client.SendAsync(request).ShouldBeAsync(200);
            me.Text("name").ShouldNotBeEmpty();
            me["defaultAddressId"].ShouldNotBeNull();
        }

        await using var second = await HostProcess.StartAndWaitAsync(folder.Path);
        (await File.ReadAllTextAsync(file)).ShouldBe(made);

        // The first host's token is still good, the accounts were not made again, and the operator is one.
        using var again = new HttpRequestMessage(HttpMethod.Get, $"{Api}/me");
        again.Headers.Authorization = new("Bearer", token);
        await second.Client.SendAsync(again).ShouldBeAsync(200);
        using var list = new HttpRequestMessage(HttpMethod.Get, Api);
        list.Headers.Authorization = new("Bearer", await LogInAsync(second, "Demo:Operator", "operator@modularshop.example", "demo-operator-1"));
        (await second.Client.SendAsync(list).ShouldBeAsync(200))["items"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Tokens_signed_with_the_previous_key_are_good_while_keys_rotate()
    {
        await using var before = new Rotating(Key.Old, previous: null);
        await before.InitializeAsync();
        var ada = await before.RegisterAsync();

        await using var after = new Rotating(Key.New, Key.Old);
        await after.InitializeAsync();
        using var client = after.With(ada.AccessToken);
        await client.AskAsync("me").ShouldFailAsync(404, "customers.account_not_found");
        (await client.AskAsync("jwks").ShouldBeAsync(200))["keys"]!.AsArray().Count.ShouldBe(2);

        await using var later = new Rotating(Key.New, previous: null);
        await later.InitializeAsync();
        using var tooLate = later.With(ada.AccessToken);
        await tooLate.AskAsync("me").ShouldFailAsync(401, "request.unauthenticated");
    }

    [Theory]
    [InlineData(ServiceData.Attached, "data")]
    [InlineData(ServiceData.Own, "data of its own")]
    public void A_service_of_development_signs_with_the_hosts_key_wherever_its_data_is(ServiceData data, string dataFolder)
    {
        using var folder = new TemporaryFolder();
        using var host = Keys(folder.Path, ServiceData.Attached, "data");
        using var service = Keys(folder.Path, data, dataFolder);
        service.Signing.Key.KeyId.ShouldBe(host.Signing.Key.KeyId);

        static TokenKeys Keys(string folder, ServiceData data, string dataFolder) => new(
            Options.Create(new SigningKeyOptions()), Options.Create(new DatabaseOptions { DataFolder = Path.Combine(folder, dataFolder) }),
            Options.Create(new ServiceOptions { Data = data }), Options.Create(new PeerOptions { Certificates = Path.Combine(folder, "data", "peers") }),
            new HostingEnvironment { ContentRootPath = folder }, NullLogger<TokenKeys>.Instance);
    }

    private static async Task<string> LogInAsync(HostProcess host, string account, string email, string password)
    {
        var tokens = await host.Client.PostAsJsonAsync($"{Api}/login", new { email, password }).ShouldBeAsync(200);
        host.Output.ShouldContain(email, customMessage: $"{account} is not announced.");
        return tokens.Text("accessToken");
    }

    private static class Key
    {
        public static readonly string Old = Make();

        public static readonly string New = Make();

        private static string Make()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return key.ExportPkcs8PrivateKeyPem();
        }
    }

    private sealed class Rotating(string current, string? previous) : CustomersShop, IAsyncDisposable
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => previous is null
            ? [.. base.Settings, new("Customers:SigningKey", current)]
            : [.. base.Settings, new("Customers:SigningKey", current), new("Customers:PreviousSigningKeys:0", previous)];

        async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("modularshop-keys-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
