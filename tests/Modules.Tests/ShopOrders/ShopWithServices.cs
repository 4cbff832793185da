using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Modules.Tests.ShopOrders;

/// <summary>A shop that can give any module to a service, which is a double that answers as it is told to.</summary>
public sealed class ShopWithServices : ShopFixture
{
    private static readonly Uri Ownership = new("/api/v1/ownership", UriKind.Relative);

    internal ServiceDouble Service { get; private set; } = null!;

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Peers:PlainHttp", "true"),
        .. new[] { "Catalog", "Ordering", "Payments", "Shipping" }.Select(m => KeyValuePair.Create($"Peers:Addresses:{m}", Service.Address.GetLeftPart(UriPartial.Authority))),
    ];

    public override async Task InitializeAsync()
    {
        Service = await ServiceDouble.StartAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Service.DisposeAsync();
    }

    /// <summary>Gives a module's data to the double, until the returned is disposed of.</summary>
    public async Task<IAsyncDisposable> GiveAwayAsync(string module, string trouble)
    {
        Service.Answer = http => trouble switch
        {
            _ when !http.Request.Path.StartsWithSegments("/internal/apis", StringComparison.Ordinal) => Status(http, 503),
            "hangs" => HangAsync(http),
            "fails" => Status(http, 500),
            _ => Status(http, int.Parse(trouble, CultureInfo.InvariantCulture)),
        };
        await ChangeOwnerAsync(module, "service");
        return new Back(this, module);
    }

    private static Task Status(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static async Task HangAsync(HttpContext http)
    {
        var givenUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (http.RequestAborted.Register(givenUp.SetResult))
        {
            await givenUp.Task;
        }
    }

    private async Task ChangeOwnerAsync(string module, string owner)
    {
        using var operators = Operator();
        var now = (await operators.GetAsync(Ownership).ShouldBeAsync(200)).AsArray().Single(m => m!["module"]!.GetValue<string>() == module)!;
        await operators.PutAsJsonAsync(
            new Uri($"{Ownership}/{module}", UriKind.Relative), new { owner, expectedEpoch = now["epoch"]!.GetValue<long>(), reason = "a test" }).ShouldHaveStatusAsync(200);
    }

    private sealed class Back(ShopWithServices shop, string module) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await shop.ChangeOwnerAsync(module, "monolith");
    }
}
