using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Modules.Tests.Console;

/// <summary>One module's database is away: of the others everything is shown, and of that one what is known.</summary>
public sealed class SilentModuleTests(SilentModuleTests.ShopWithoutShipping shop) : IClassFixture<SilentModuleTests.ShopWithoutShipping>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_console_goes_on_while_a_database_is_silent_or_refuses(bool isSilent)
    {
        using var browser = ConsoleShop.Browser(shop.Operator());
        shop.Database.Leave(isSilent);
        try
        {
            (await SeeAsync("/console")).ShouldContain("monolith, as last known");
            (await SeeAsync("/console/moves")).ShouldContain("epoch 1, as last known");
            (await SeeAsync("/console/moves/shipping")).ShouldContain("as last known");
            (await SeeAsync("/console/messages")).ShouldContain(Why());
            (await SeeAsync("/console/messages/shipping")).ShouldContain(Why());
            (await SeeAsync("/console/messages/ordering")).ShouldContain("There are none.");
            (await SeeAsync("/console/messages/journeys/0123456789abcdef0123456789abcdef")).ShouldContain("Shipping");

            var owners = (await shop.Operator().GetAsync(new Uri("/api/v1/ownership", UriKind.Relative)).ShouldBeAsync(200)).AsArray();
            owners.Where(o => o!["trouble"] is not null).Select(o => o!["module"]!.GetValue<string>()).ShouldBe(["Shipping"]);
        }
        finally
        {
            shop.Database.Return();
        }

        (await SeeAsync("/console")).ShouldNotContain("as last known");

        string Why() => isSilent ? "Unknown: no answer within 2 s." : "The database does not answer";

        async Task<string> SeeAsync(string address)
        {
            var waited = Stopwatch.StartNew();
            var html = await ConsoleShop.SeeAsync(browser, address);
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(8), address);
            return html;
        }
    }

    public sealed class ShopWithoutShipping : ShopFixture
    {
        internal DatabaseAway Database { get; } = new();

        protected override void ConfigureServices(IServiceCollection services) => services.AddKeyedSingleton<IInterceptor>("Shipping", Database);
    }
}
