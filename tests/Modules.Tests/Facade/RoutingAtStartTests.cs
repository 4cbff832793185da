using Microsoft.Extensions.DependencyInjection;
using ModularShop.Facade;

namespace Modules.Tests.Facade;

[Trait(RunOnly.Trait, RunOnly.Once)]
public sealed class RoutingAtStartTests
{
    [Fact]
    public async Task What_was_edited_while_nobody_ran_is_in_effect_for_the_first_request()
    {
        var shop = new Edited();
        await shop.InitializeAsync();
        try
        {
            shop.Services.GetRequiredService<RoutingTable>().Current.Revision.Number.ShouldBe(1);
        }
        finally
        {
            await shop.DisposeAsync();
        }
    }

    private sealed class Edited : ShopFixture
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("modularshop-routing-");

        protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("Facade:RoutingFile", Path.Combine(_folder.FullName, "routing.json"))];

        public override async Task InitializeAsync()
        {
            await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "routing.json"), """{ "Facade": { "Endpoints": { "Catalog.GetProduct": "Monolith" } } }""");
            await base.InitializeAsync();
        }

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            _folder.Delete(recursive: true);
        }
    }
}
