using System.Net.Http.Headers;
using EndToEnd.Tests.Facade;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Security;

namespace EndToEnd.Tests.Contracts;

/// <summary>Host, Catalog and Shipping as processes of their own; all endpoints of the two are moved together.</summary>
public sealed class MovedShop : IAsyncLifetime
{
    private readonly TestTokens _tokens = new();
    private TestDatabase _database = null!;
    private Deployment _deployment = null!;
    private (string Mode, Owner Owner) _now = ("Monolith", Owner.Monolith);

    public Uri Address => _deployment.Host.Address;

    public BookedOrder Order { get; private set; } = null!;

    public string Token(string role, Guid? id = null) => _tokens.Make(id ?? Guid.CreateVersion7(), role, TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(1));

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _deployment = await Deployment.StartAsync(
            _database, ["Catalog", "Shipping"], d => d == Deployable.Monolith
                ? [("RateLimits:RequestsPerSecond", "100000"), ("RateLimits:CredentialsPerMinute", "100000"), ("Customers:SigningKey", _tokens.Pem)] : []);
        var shopper = await Shopper.RegisterAsync(_deployment.Host.Client);
        var customer = (await shopper.GetAsync("customers/me"))["id"]!.GetValue<Guid>();
        var order = await shopper.BuyAsync("KIT-0101", 1);
        await shopper.BecomesAsync(order, "confirmed", "shipped", "delivered", "completed");
        Order = new BookedOrder(order, customer);
    }

    public async Task DisposeAsync()
    {
        await _deployment.DisposeAsync();
        await _database.DisposeAsync();
        _tokens.Dispose();
    }

    /// <summary>Moves every endpoint of the two modules into the mode, where it can be, and their data to the owner.</summary>
    public async Task MoveAsync(string mode, Owner owner)
    {
        if (_now == (mode, owner))
        {
            return;
        }

        using var operators = await _deployment.Host.LogInOperatorAsync();
        var routes = await operators.GetAsync(new Uri("/api/v1/routes", UriKind.Relative)).ShouldBeAsync(200);
        var revision = routes["revision"]!.GetValue<long>();
        _deployment.Route([.. routes["endpoints"]!.AsArray().Select(e => e!["name"]!.GetValue<string>()).Where(n => n.StartsWith("Catalog.", StringComparison.Ordinal) || n.StartsWith("Shipping.", StringComparison.Ordinal))
            .Where(n => mode != "Shadow" || Safe.Contains(n, StringComparer.Ordinal))
            .Select(n => (n, mode == "Canary" ? (object)new { Mode = mode, Percent = 50 } : mode))]);
        if (mode != _now.Mode)
        {
            await Eventually.TrueAsync(
                async () => (await operators.GetAsync(new Uri("/api/v1/routes", UriKind.Relative)).ShouldBeAsync(200))["revision"]!.GetValue<long>() > revision,
                $"the mode {mode} to be in effect; the host said: {_deployment.Host.Output}");
        }

        if (owner != _now.Owner)
        {
            await operators.ChangeOwnerAsync("Catalog");
            await operators.ChangeOwnerAsync("Shipping");
        }

        _now = (mode, owner);
    }

    private static readonly string[] Safe =
    [
        "Catalog.ListProducts", "Catalog.GetProduct", "Catalog.GetStock", "Catalog.ListCategories",
        "Shipping.GetRates", "Shipping.ListRates", "Shipping.GetShipment", "Shipping.ListShipments", "Shipping.TrackParcel",
    ];
}

[CollectionDefinition(Name)]
public sealed class MovedShops : ICollectionFixture<MovedShop>
{
    public const string Name = "moved shop";
}

/// <summary>The shop's clients while endpoints are in a mode and data has an owner: each of them looks who has answered.</summary>
internal sealed class ShopInMode(MovedShop shop, string mode, Owner owner) : IShopClients
{
    public HttpClient Anonymous() => Client(null);

    public HttpClient Operator() => Client(shop.Token(Access.Operator));

    public HttpClient Customer(Guid? id = null) => Client(shop.Token(Access.Customer, id));

    public HttpClient With(string accessToken) => Client(accessToken);

    private HttpClient Client(string? token)
    {
#pragma warning disable RS0030 // a test's client of a process of its own needs no factory
        var client = new HttpClient(new Witness(mode, owner)) { BaseAddress = shop.Address };
#pragma warning restore RS0030
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private sealed class Witness(string mode, Owner owner) : DelegatingHandler(new SocketsHttpHandler { UseCookies = false })
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            var service = $"{request.RequestUri!.Segments[3].TrimEnd('/')}-service";
            string[] expected = request.Method != HttpMethod.Get ? [owner is Owner.Monolith ? "monolith" : service] : mode switch
            {
                "Service" => [service],
                "Canary" => ["monolith", service],
                _ => ["monolith"],
            };
            expected.ShouldContain(side => side == response.AnsweredBy(), $"{response.AnsweredBy()}: {request.Method} {request.RequestUri} in the mode {mode}, owned by the {owner}");
            response.Headers.GetValues("X-Answered-By").Single().ShouldEndWith($"owner={(owner is Owner.Monolith ? "monolith" : "service")}");
            response.Headers.Contains("X-Fallback").ShouldBeFalse("a service that is well answers by itself");
            return response;
        }
    }
}
