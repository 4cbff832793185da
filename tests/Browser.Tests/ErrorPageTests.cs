using System.Text.Json;

namespace Browser.Tests;

/// <summary>What people see where something is refused, or fails.</summary>
[Collection(Browsing.Name)]
public sealed class ErrorPageTests(BrowserShop browsers, ErrorPageTests.ShopInTrouble shop) : IClassFixture<ErrorPageTests.ShopInTrouble>
{
    [BrowserTheory]
    [InlineData(500, "Something went wrong here")]
    [InlineData(503, "A moment, please")]
    public async Task What_fails_behind_a_page_is_told_on_one(int status, string title)
    {
        shop.Service.Answer = http =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        await using var visitor = await browsers.VisitAsync(address: shop.Host.Address);
        await SeeAsync(visitor, "/tracking/MS1", status, title);
    }

    [BrowserFact]
    public async Task Who_may_not_see_a_page_is_told_so()
    {
        await using var visitor = await browsers.VisitAsync();
        await visitor.LogInAsCustomerAsync();
        await SeeAsync(visitor, "/console", 403, "This is not for you");
    }

    [BrowserFact]
    public async Task An_address_that_cannot_be_is_answered_with_a_page()
    {
        await using var visitor = await browsers.VisitAsync();
        await SeeAsync(visitor, "/products/50%25", 400, "That cannot be understood");
    }

    private static async Task SeeAsync(Visitor visitor, string address, int status, string title)
    {
        var answer = await visitor.Page.GotoAsync(address);
        answer!.Status.ShouldBe(status);
        await visitor.Page.GetByRole(AriaRole.Heading, new() { Name = title }).WaitForAsync();
        await visitor.Page.ShouldBeWellMadeAsync($"error-{status}");
    }

    /// <summary>A shop whose parcels are tracked by a service that fails.</summary>
    public sealed class ShopInTrouble : IAsyncLifetime
    {
        private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("browser-tests-");

        internal ServiceDouble Service { get; private set; } = null!;

        internal HostProcess Host { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            if (BrowserShop.Missing is not null)
            {
                return;
            }

            Service = await ServiceDouble.StartAsync();
            await File.WriteAllTextAsync(Path.Combine(_data.FullName, "routing.json"), JsonSerializer.Serialize(new
            {
                Facade = new
                {
                    Services = new { Shipping = new { Destinations = new[] { Service.Address } } },
                    Endpoints = new Dictionary<string, object>(StringComparer.Ordinal) { ["Shipping.TrackParcel"] = new { Mode = "Service", Fallback = false } },
                },
            }));
            Host = await HostProcess.StartAndWaitAsync(_data.FullName, settings: ("Peers:PlainHttp", "true"));
        }

        public async Task DisposeAsync()
        {
            if (BrowserShop.Missing is null)
            {
                await Host.DisposeAsync();
                await Service.DisposeAsync();
            }

            _data.Delete(recursive: true);
        }
    }
}
