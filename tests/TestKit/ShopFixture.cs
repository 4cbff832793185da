using System.Net.Http.Headers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ModularShop.Messaging;
using ModularShop.Modularity.Security;
using Xunit;

namespace ModularShop.TestKit;

/// <summary>
/// The whole shop, started as it starts for a user, on databases of its own. Derive from it
/// to start it with other settings.
/// </summary>
public class ShopFixture : IAsyncLifetime, IShopClients
{
    private TestDatabase? _database;
    private readonly TestTokens _tokens = new();
    private readonly Factory _factory;

    public ShopFixture() => _factory = new Factory(this);

    public TestClock Clock { get; } = new();

    public IServiceProvider Services => _factory.Services;

    /// <summary>Further settings, over the ones of every test.</summary>
    protected virtual IEnumerable<KeyValuePair<string, string>> Settings => [];

    /// <summary>A client that is nobody.</summary>
    public HttpClient Anonymous() => _factory.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });

    public HttpClient Operator() => With(_tokens.Make(Guid.CreateVersion7(), Access.Operator, Clock.GetUtcNow(), TimeSpan.FromDays(400)));

    /// <summary>A client with a customer's token; the customer needs no account for most of what the shop does.</summary>
    public HttpClient Customer(Guid? id = null) => With(_tokens.Make(id ?? Guid.CreateVersion7(), Access.Customer, Clock.GetUtcNow(), TimeSpan.FromDays(400)));

    public HttpClient ExpiredCustomer() => With(_tokens.Make(Guid.CreateVersion7(), Access.Customer, Clock.GetUtcNow().AddHours(-1)));

    public HttpClient ForgedOperator() => With(TestTokens.Forge(Guid.CreateVersion7(), Access.Operator, Clock.GetUtcNow()));

    public HttpClient With(string accessToken)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return client;
    }

    /// <summary>Runs a recurring job now, as its schedule would; what it throws is thrown.</summary>
    public Task RunJobAsync(string module, string job)
    {
        var runner = Services.GetRequiredService<JobRunner>();
        var registered = runner.JobsOf(module).Single(j => j.Name == job);
        return Eventually.TrueAsync(() => runner.RunOnceAsync(registered, CancellationToken.None), $"{module} to be processed here");
    }

    public virtual async Task InitializeAsync()
    {
        _database = await TestDatabase.MigratedAsync();
        using var client = Anonymous();
        await client.GetAsync(new Uri("/health/live", UriKind.Relative)).ShouldHaveStatusAsync(200);
    }

    public virtual async Task DisposeAsync()
    {
        await _factory.DisposeAsync();
        _tokens.Dispose();
        await _database!.DisposeAsync();
        QueriesOnEveryEngine.Shared.Write();
        QueriesOnEveryEngine.Shared.AllTranslate();
    }

    /// <summary>Replaces services, such as the provider of payments.</summary>
    protected virtual void ConfigureServices(IServiceCollection services)
    {
    }

    private sealed class Factory(ShopFixture shop) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Testing");
            foreach (var (key, value) in shop._database!.Settings)
            {
                builder.UseSetting(key, value);
            }

            builder.UseSetting("Customers:SigningKey", shop._tokens.Pem);
            builder.UseSetting("RateLimits:RequestsPerSecond", "100000");
            builder.UseSetting("RateLimits:CredentialsPerMinute", "100000");
            builder.UseSetting("Messaging:RetryBaseMilliseconds", "5");
            // Longer than tests wait: what is new must not be read only because what was kept grew old.
            builder.UseSetting("AnswerCache:MaxAgeSeconds", "60");
            builder.UseSetting("Logging:LogLevel:Default", "Warning");
            foreach (var (key, value) in shop.Settings)
            {
                builder.UseSetting(key, value);
            }

            builder.ConfigureTestServices(services =>
            {
                services.Replace(ServiceDescriptor.Singleton<TimeProvider>(shop.Clock));
                shop.ConfigureServices(services);
                PublishedMessages.Add(services);
                QueriesOnEveryEngine.Shared.AddTo(services);
            });
        }
    }
}
