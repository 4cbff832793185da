using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using ModularShop.Host.Pages;
using ModularShop.Modularity.Examinations;
using ModularShop.Modularity.Http;

namespace Modules.Tests.Storefront;

/// <summary>What the doctor says of the way that cookies of sessions go.</summary>
public sealed class PagesExaminationTests
{
    [Theory]
    [InlineData("Production", "http://0.0.0.0:80", null, Severity.Warning)]
    [InlineData("Production", "https://0.0.0.0:443;http://0.0.0.0:80", null, Severity.Warning)]
    [InlineData("Production", "http://0.0.0.0:80", "10.0.0.7", Severity.Ok)]
    [InlineData("Production", "https://0.0.0.0:443", null, Severity.Ok)]
    [InlineData("Development", "http://localhost:5080", null, Severity.Ok)]
    public async Task Clear_text_without_a_proxy_is_named_where_customers_are(string environment, string urls, string? proxy, Severity severity) =>
        (await LookAsync(environment, urls, proxy)).Severity.ShouldBe(severity);

    [Fact]
    public async Task Endpoints_of_the_servers_own_count_and_no_others_then()
    {
        (await LookAsync("Production", "http://0.0.0.0:80", null, ("Kestrel:Endpoints:Shop:Url", "https://0.0.0.0:443"))).Severity.ShouldBe(Severity.Ok);
        var found = await LookAsync("Production", "https://0.0.0.0:443", null, ("Kestrel:Endpoints:Shop:Url", "http://0.0.0.0:80"));
        found.Severity.ShouldBe(Severity.Warning);
        found.Found.ShouldContain("http://0.0.0.0:80");
        found.Mend!.ShouldContain("ForwardedHeaders:Proxies");
    }

    private static async Task<Finding> LookAsync(string environment, string urls, string? proxy, params (string Key, string Value)[] settings) =>
        (await new PagesExamination(
            new PublicAddresses(urls), Options.Create(new TrustedProxyOptions { Proxies = proxy is null ? [] : [proxy] }),
            new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value, StringComparer.Ordinal)).Build(),
            new HostingEnvironment { EnvironmentName = environment }).RunAsync(CancellationToken.None)).ShouldHaveSingleItem();
}
