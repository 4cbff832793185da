namespace Modules.Tests.Storefront;

/// <summary>Behind a balancer the host that drew a form is seldom the one that it is sent to.</summary>
public sealed class SeveralHostsTests : IAsyncLifetime
{
    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("modularshop-keys-");
    private readonly List<ShopFixture> _hosts = [];

    [Theory]
    [InlineData(true, 401)]
    [InlineData(false, 400)]
    public async Task A_form_that_one_host_drew_another_one_takes_where_they_share_their_keys(bool share, int status)
    {
        var (one, other) = (await StartAsync("one"), await StartAsync(share ? "one" : "other"));
        using var drawn = await SendAsync(one, HttpMethod.Get);
        var page = await drawn.Content.ReadAsStringAsync();
        var cookie = drawn.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("shop-form=", StringComparison.Ordinal)).Split(';')[0];

        using var answer = await SendAsync(other, HttpMethod.Post, cookie, PageVisitor.TokenOn(page)!);

        ((int)answer.StatusCode).ShouldBe(status);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        _keys.Delete(recursive: true);
    }

    private async Task<ShopFixture> StartAsync(string keys)
    {
        var host = new Host(Path.Combine(_keys.FullName, keys));
        _hosts.Add(host);
        await host.InitializeAsync();
        return host;
    }

    private static async Task<HttpResponseMessage> SendAsync(ShopFixture host, HttpMethod method, string? cookie = null, string? token = null)
    {
        using var client = host.Anonymous();
        using var request = new HttpRequestMessage(method, "/login") { Headers = { { "Accept", "text/html" } } };
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
            request.Content = new FormUrlEncodedContent([new("form-token", token!), new("email", "nobody@example.com"), new("password", "wrong password")]);
        }

        return await client.SendAsync(request);
    }

    private sealed class Host(string keys) : ShopFixture
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("Pages:KeyFolder", keys)];
    }
}
