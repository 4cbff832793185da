using System.Net.Http.Headers;
using EndToEnd.Tests.Facade;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Security;

namespace EndToEnd.Tests.Contracts;

/// <summary>The host and services as processes of their own; all endpoints of their modules are moved together.</summary>
public abstract class ShopOfServices(params string[] modules) : IAsyncLifetime
{
    private readonly TestTokens _tokens = new();
    private Deployment _deployment = null!;
    private (string Mode, Owner Owner) _now = ("Monolith", Owner.Monolith);

    public Uri Address => _deployment.Host.Address;

    /// <summary>Who buys here is not looked at.</summary>
    protected HttpClient Client => _deployment.Host.Client;

    protected TestDatabase Database { get; private set; } = null!;

    /// <summary>The key that tokens are signed with.</summary>
    protected string SigningKey => _tokens.Pem;

    public string Token(string role, Guid? id = null) => _tokens.Make(id ?? Guid.CreateVersion7(), role, TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(1));

    /// <param name="module">As in an address: <c>catalog</c>.</param>
    public bool HasService(string module) => modules.Contains(module, StringComparer.OrdinalIgnoreCase);

    public virtual async Task InitializeAsync()
    {
        Database = await TestDatabase.FilledAsync();
        var services = await ServicesAsync();
        _deployment = await Deployment.StartAsync(
            Database, modules, d => [.. d == Deployable.Monolith ? Unlimited : [], .. Settings(d)], services);
    }

    public virtual async Task DisposeAsync()
    {
        await _deployment.DisposeAsync();
        await Database.DisposeAsync();
        _tokens.Dispose();
    }

    /// <summary>Moves every endpoint of the modules into the mode, where it can be, and their data to the owner.</summary>
    public async Task MoveAsync(string mode, Owner owner)
    {
        if (_now == (mode, owner))
        {
            return;
        }

        using var operators = await _deployment.Host.LogInOperatorAsync();
        var routes = await operators.GetAsync(new Uri("/api/v1/routes", UriKind.Relative)).ShouldBeAsync(200);
        // A first request on a busy machine takes its time; how long services may take is not what is tested.
        var revision = routes["revision"]!.GetValue<long>();
        _deployment.Route([.. routes["endpoints"]!.AsArray().Where(e => HasService(e!["module"]!.GetValue<string>()))
            .Where(e => mode != "Shadow" || e!["method"]!.GetValue<string>() == "GET")
            .Select(e => (e!["name"]!.GetValue<string>(), mode == "Canary" ? (object)new { Mode = mode, Percent = 50, TimeoutSeconds = 60 } : new { Mode = mode, TimeoutSeconds = 60 }))]);
        if (mode != _now.Mode)
        {
            await Eventually.TrueAsync(
                async () => (await operators.GetAsync(new Uri("/api/v1/routes", UriKind.Relative)).ShouldBeAsync(200))["revision"]!.GetValue<long>() > revision,
                $"the mode {mode} to be in effect; the host said: {_deployment.Host.Output}");
        }

        if (owner != _now.Owner)
        {
            foreach (var module in modules)
            {
                await operators.ChangeOwnerAsync(module);
            }
        }

        _now = (mode, owner);
    }

    /// <summary>Where the services' projects are; null: in this working copy.</summary>
    protected virtual Task<string?> ServicesAsync() => Task.FromResult<string?>(null);

    protected virtual IEnumerable<(string Key, string Value)> Settings(string deployable) =>
        deployable == Deployable.Monolith ? [("Customers:SigningKey", SigningKey)] : [];

    private static readonly (string Key, string Value)[] Unlimited = [("RateLimits:RequestsPerSecond", "100000"), ("RateLimits:CredentialsPerMinute", "100000")];
}

/// <summary>The services of this working copy.</summary>
public sealed class MovedShop() : ShopOfServices("Catalog", "Shipping")
{
    public BookedOrder Order { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var shopper = await Shopper.RegisterAsync(Client);
        var customer = (await shopper.GetAsync("customers/me"))["id"]!.GetValue<Guid>();
        var order = await shopper.BuyAsync("KIT-0101", 1);
        await shopper.BecomesAsync(order, "confirmed", "shipped", "delivered", "completed");
        Order = new BookedOrder(order, customer);
    }
}

[CollectionDefinition(Name)]
public sealed class MovedShops : ICollectionFixture<MovedShop>
{
    public const string Name = "moved shop";
}

/// <summary>The shop's clients while endpoints are in a mode and data has an owner: each of them looks who has answered.</summary>
internal sealed class ShopInMode(ShopOfServices shop, string mode, Owner owner) : IShopClients
{
    public HttpClient Anonymous() => Client(null);

    public HttpClient Operator() => Client(shop.Token(Access.Operator));

    public HttpClient Customer(Guid? id = null) => Client(shop.Token(Access.Customer, id));

    public HttpClient With(string accessToken) => Client(accessToken);

    private HttpClient Client(string? token)
    {
#pragma warning disable RS0030 // a test's client of a process of its own needs no factory
        var client = new HttpClient(new Witness(shop, mode, owner)) { BaseAddress = shop.Address };
#pragma warning restore RS0030
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private sealed class Witness(ShopOfServices shop, string mode, Owner owner) : DelegatingHandler(new SocketsHttpHandler { UseCookies = false })
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            var module = request.RequestUri!.Segments[3].TrimEnd('/');
            var (service, moved) = ($"{module}-service", shop.HasService(module));
            string[] expected = !moved ? ["monolith"] : request.Method != HttpMethod.Get ? [owner is Owner.Monolith ? "monolith" : service] : mode switch
            {
                "Service" => [service],
                "Canary" => ["monolith", service],
                _ => ["monolith"],
            };
            expected.ShouldContain(side => side == response.AnsweredBy(), $"{response.AnsweredBy()}: {request.Method} {request.RequestUri} in the mode {mode}, owned by the {owner}");
            response.Headers.GetValues("X-Answered-By").Single().ShouldEndWith($"owner={(owner is Owner.Monolith || !moved ? "monolith" : "service")}");
            response.Headers.Contains("X-Fallback").ShouldBeFalse("a service that is well answers by itself");
            return response;
        }
    }
}
