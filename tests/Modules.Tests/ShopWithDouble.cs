using System.Text.Json;

namespace Modules.Tests;

/// <summary>A shop some of whose modules have a service, which is a double and answers as it is told to.</summary>
public abstract class ShopWithDouble(params string[] modules) : ShopFixture
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("modularshop-");

    internal ServiceDouble Service { get; private set; } = null!;

    protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("Peers:PlainHttp", "true"), new("Facade:RoutingFile", RoutingFile)];

    private string RoutingFile => Path.Combine(_folder.FullName, "routing.json");

    public override async Task InitializeAsync()
    {
        Service = await ServiceDouble.StartAsync();
        var service = new { Destinations = new[] { Service.Address.GetLeftPart(UriPartial.Authority) } };
        await File.WriteAllTextAsync(RoutingFile, JsonSerializer.Serialize(new
        {
            Facade = new { Services = modules.ToDictionary(m => m, _ => service, StringComparer.Ordinal), Endpoints = new Dictionary<string, string>(StringComparer.Ordinal) },
        }));
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Service.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Says who answers an endpoint; nobody else does in the double's stead.</summary>
    internal async Task SetAsync(string endpoint, string mode, int? percent = null)
    {
        using var operators = Operator();
        await operators.PutAsJsonAsync($"/api/v1/routes/{endpoint}", new { mode, percent, fallback = false, reason = "a test" }).ShouldHaveStatusAsync(200);
    }

    /// <summary>Gives an endpoint to the double until the returned is disposed of.</summary>
    internal async Task<IAsyncDisposable> RouteAsync(string endpoint, string mode = "Service", int? percent = null)
    {
        await SetAsync(endpoint, mode, percent);
        return new Back(this, endpoint);
    }

    private sealed class Back(ShopWithDouble shop, string endpoint) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await shop.SetAsync(endpoint, "Monolith");
    }
}
