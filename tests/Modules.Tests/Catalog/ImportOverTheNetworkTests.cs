using System.Net.Http.Headers;
using System.Text;
using ModularShop.Modularity.Security;

namespace Modules.Tests.Catalog;

/// <summary>What only a real server does: limits of size.</summary>
[Trait(RunOnly.Trait, RunOnly.Once)]
public sealed class ImportOverTheNetworkTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("modularshop-").FullName;
    private readonly TestTokens _tokens = new();
    private HostProcess _host = null!;

    public async Task InitializeAsync()
    {
        _host = await HostProcess.StartAndWaitAsync(_folder, "Testing", ("Customers:SigningKey", _tokens.Pem));
        _host.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", _tokens.Make(Guid.CreateVersion7(), Access.Operator, TimeProvider.System.GetUtcNow()));
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _tokens.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task An_import_may_be_larger_than_other_requests_but_not_without_limit()
    {
        var address = new Uri($"{CatalogShop.Products}/import", UriKind.Relative);
        var description = new string('d', 3900);
        var csv = "sku,name,category,price,currency,description\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"BIG-{i},Big,Big,1.00,EUR,{description}\n"));
        csv.Length.ShouldBeGreaterThan(1_500_000);
        var report = await _host.Client.PostAsync(address, new StringContent(csv, Encoding.UTF8, "text/csv")).ShouldBeAsync(200);
        report.Counts().ShouldBe((500, 0, 0, 0));

        await _host.Client.PostAsync(new Uri(CatalogShop.Products, UriKind.Relative), new StringContent($"\"{csv}\"", Encoding.UTF8, "application/json"))
            .ShouldFailAsync(413, "request.too_large");

        using var tooLarge = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StreamContent(Stream.Null) { Headers = { ContentType = new("text/csv"), ContentLength = (64 * 1024 * 1024) + 1 } },
            Headers = { ExpectContinue = true },
        };
        await _host.Client.SendAsync(tooLarge).ShouldFailAsync(413, "request.too_large");
    }
}
