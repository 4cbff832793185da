using Microsoft.Extensions.DependencyInjection;
using ModularShop.Facade;

namespace Modules.Tests.Facade;

[Trait(RunOnly.Trait, RunOnly.Once)]
[Collection(Shop.Name)]
public sealed class RoutingFileTests(ShopFixture shop)
{
    private const string Services = """ "Services": { "Catalog": { "Destinations": [ "https://127.0.0.1:5101" ] } } """;

    [Fact]
    public void Endpoints_are_named_in_any_case_and_those_that_are_not_stay_at_the_monolith()
    {
        var (definition, errors) = Read($$"""
            {
              // an editor's comment, and a trailing comma
              "Facade": { {{Services}}, "Endpoints": { "catalog.getproduct": "service", "Catalog.ListProducts": { "Mode": "Canary", "Percent": 10, "TimeoutSeconds": 2.5, "Fallback": false }, } }
            }
            """);
        errors.ShouldBeEmpty();
        definition!.Endpoints["Catalog.GetProduct"].Mode.ShouldBe(Mode.Service);
        definition.Endpoints["Catalog.ListProducts"].ShouldBe(new RouteDefinition(Mode.Canary, 10, TimeSpan.FromSeconds(2.5), Fallback: false));
        definition.Endpoints.Count.ShouldBe(2);
        definition.Services["Catalog"].Destinations.ShouldBe([new Uri("https://127.0.0.1:5101")]);
    }

    [Theory]
    [InlineData("", "line 1", "empty")]
    [InlineData("{", "line 1", "not JSON")]
    [InlineData("{\n\"Facade\": {\n \"Endpoints\": { \"Catalog.GetProduct\" \"Service\" } } }", "line 3", "not JSON")]
    [InlineData("[]", "Facade", "missing")]
    [InlineData("{}", "Facade", "missing")]
    [InlineData("""{ "Facade": [] }""", "Facade", "object is wanted")]
    [InlineData("""{ "Facade": { "Routes": {} } }""", "Facade:Routes", "no such setting")]
    [InlineData("""{ "Facade": {}, "Facade": {} }""", "Facade", "twice")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": "Monolith", "Catalog.GetProduct": "Service" } } }""", "Facade:Endpoints:Catalog.GetProduct", "twice")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProdukt": "Monolith" } } }""", "Facade:Endpoints:Catalog.GetProdukt", "Catalog.GetProduct")]
    [InlineData("""{ "Facade": { "Endpoints": { "Nowhere.Get": "Monolith" } } }""", "Facade:Endpoints:Nowhere.Get", "no endpoint")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": "Sevice" } } }""", "Facade:Endpoints:Catalog.GetProduct", "none of the modes Monolith, Shadow, Canary, Service")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": "3" } } }""", "Facade:Endpoints:Catalog.GetProduct", "none of the modes")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": null } } }""", "Facade:Endpoints:Catalog.GetProduct", "object is wanted")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": "Service" } } }""", "Facade:Endpoints:Catalog.GetProduct", "names none for Catalog")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": "Canary" } } }""", "Facade:Endpoints:Catalog.GetProduct", "needs a percentage")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": { "Mode": "Canary" } } } }""", "Facade:Endpoints:Catalog.GetProduct:Percent", "needs a percentage")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": { "Mode": "Canary", "Percent": -1 } } } }""", "Facade:Endpoints:Catalog.GetProduct:Percent", "0 to 100")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": { "Mode": "Canary", "Percent": 101 } } } }""", "Facade:Endpoints:Catalog.GetProduct:Percent", "0 to 100")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": { "Mode": "Canary", "Percent": 1.5 } } } }""", "Facade:Endpoints:Catalog.GetProduct:Percent", "whole number")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": { "Mode": "Canary", "Percent": "10" } } } }""", "Facade:Endpoints:Catalog.GetProduct:Percent", "whole number")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": { "Mode": "Monolith", "Percent": 10 } } } }""", "Facade:Endpoints:Catalog.GetProduct:Percent", "belongs to the mode Canary")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": { "Mode": "Monolith", "TimeoutSeconds": 0 } } } }""", "Facade:Endpoints:Catalog.GetProduct:TimeoutSeconds", "0.1 to 300")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": { "Mode": "Monolith", "Fallback": "no" } } } }""", "Facade:Endpoints:Catalog.GetProduct:Fallback", "true or false")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.ChangePrice": "Shadow" } } }""", "Facade:Endpoints:Catalog.ChangePrice", "changes data")]
    [InlineData("""{ "Facade": { "Services": { "Catalogue": { "Destinations": [ "https://127.0.0.1:5101" ] } } } }""", "Facade:Services:Catalogue", "no module Catalogue")]
    [InlineData("""{ "Facade": { "Services": { "Catalog": {} } } }""", "Facade:Services:Catalog:Destinations", "At least one")]
    [InlineData("""{ "Facade": { "Services": { "Catalog": { "Destinations": "https://127.0.0.1:5101" } } } }""", "Facade:Services:Catalog:Destinations", "list of addresses")]
    [InlineData("""{ "Facade": { "Services": { "Catalog": { "Destinations": [ "127.0.0.1:5101" ] } } } }""", "Facade:Services:Catalog:Destinations:0", "not the address")]
    [InlineData("""{ "Facade": { "Services": { "Catalog": { "Destinations": [ "https://127.0.0.1:5101", "ftp://127.0.0.1" ] } } } }""", "Facade:Services:Catalog:Destinations:1", "not the address")]
    [InlineData("""{ "Facade": { "Services": { "Catalog": { "Destinations": [ "https://127.0.0.1:5101/api" ] } } } }""", "Facade:Services:Catalog:Destinations:0", "nothing behind them")]
    [InlineData("""{ "Facade": { "Services": { "Catalog": { "Destinations": [ "http://127.0.0.1:5101" ] } } } }""", "Facade:Services:Catalog:Destinations:0", "Peers:PlainHttp")]
    [InlineData("""{ "Facade": { "Services": { "Catalog": { "Destinations": [ "https://127.0.0.1:5101", "https://127.0.0.1:5101/" ] } } } }""", "Facade:Services:Catalog:Destinations:1", "twice")]
    [InlineData("""{ "Facade": { "Services": { "Catalog": { "Destinations": [ "https://127.0.0.1:5080" ] } } } }""", "Facade:Services:Catalog:Destinations:0", "this host itself")]
    [InlineData("""{ "Facade": { "Services": { "Catalog": { "Destinations": [ "https://127.0.0.1:5101" ], "LoadBalancing": "HashCookie" } } } }""", "Facade:Services:Catalog:LoadBalancing", "none of")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": { "Mode": "Shadow", "IgnoredFields": "next" } } } }""", "Facade:Endpoints:Catalog.GetProduct:IgnoredFields", "list of texts")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": { "Mode": "Shadow", "IgnoredFields": [ "a", "items[x]" ] } } } }""", "Facade:Endpoints:Catalog.GetProduct:IgnoredFields:1", "names no field")]
    [InlineData("""{ "Facade": { "Shadow": [] } }""", "Facade:Shadow", "object is wanted")]
    [InlineData("""{ "Facade": { "Shadow": { "Ignored": [] } } }""", "Facade:Shadow:Ignored", "no such setting")]
    [InlineData("""{ "Facade": { "Shadow": { "IgnoredFields": [ 1 ] } } }""", "Facade:Shadow:IgnoredFields:0", "text is wanted")]
    [InlineData("""{ "Facade": { "Shadow": { "Headers": [ "Not a header" ] } } }""", "Facade:Shadow:Headers:0", "not the name of a header")]
    [InlineData("""{ "Facade": { "Shadow": { "MaskedFields": [ "first-name" ] } } }""", "Facade:Shadow:MaskedFields:0", "not a word")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": { "Mode": "Monolith", "Rollout": "fast" } } } }""", "Facade:Endpoints:Catalog.GetProduct:Rollout", "object is wanted")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": { "Mode": "Monolith", "Rollout": {} } } } }""", "Facade:Endpoints:Catalog.GetProduct", "A rollout needs a service")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": { "Mode": "Monolith", "Rollout": { "Steps": 5 } } } } }""", "Facade:Endpoints:Catalog.GetProduct:Rollout:Steps", "list of percentages")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": { "Mode": "Monolith", "Rollout": { "Steps": [] } } } } }""", "Facade:Endpoints:Catalog.GetProduct:Rollout:Steps", "At least one step")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": { "Mode": "Monolith", "Rollout": { "Steps": [ 5, "Shadow" ] } } } } }""", "Facade:Endpoints:Catalog.GetProduct:Rollout:Steps", "more than the one before")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": { "Mode": "Monolith", "Rollout": { "Steps": [ 0 ] } } } } }""", "Facade:Endpoints:Catalog.GetProduct:Rollout:Steps:0", "from 1 to 100")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": { "Mode": "Monolith", "Rollout": { "Gates": [ 33 ] } } } } }""", "Facade:Endpoints:Catalog.GetProduct:Rollout:Gates", "none of the steps")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": { "Mode": "Monolith", "Rollout": { "BakeSeconds": 0 } } } } }""", "Facade:Endpoints:Catalog.GetProduct:Rollout:BakeSeconds", "from 1 to")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": { "Mode": "Monolith", "Rollout": { "MaxErrorRateDifference": 5 } } } } }""", "Facade:Endpoints:Catalog.GetProduct:Rollout:MaxErrorRateDifference", "from 0 to 1")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": { "Mode": "Monolith", "Rollout": { "State": "Fast" } } } } }""", "Facade:Endpoints:Catalog.GetProduct:Rollout:State", "Running, Paused, RolledBack, Done")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.ChangePrice": { "Mode": "Monolith", "Rollout": {} } } } }""", "Facade:Endpoints:Catalog.ChangePrice:Rollout", "changes data")]
    public void What_is_wrong_is_named_with_its_key_and_why(string text, string key, string reason)
    {
        var (definition, errors) = Read(text);
        definition.ShouldBeNull();
        errors.ShouldContain(e => e.Key == key && e.Message.Contains(reason, StringComparison.Ordinal), string.Join('\n', errors));
    }

    [Fact]
    public void What_shadowing_compares_by_is_in_the_file_for_all_endpoints_and_for_each()
    {
        var (definition, errors) = Read($$"""
            { "Facade": { {{Services}},
                "Shadow": { "IgnoredFields": [ "items[*].next" ], "Headers": [ "ETag" ], "MaskedFields": [ "email" ] },
                "Endpoints": { "Catalog.GetProduct": { "Mode": "Shadow", "IgnoredFields": [ "available" ] }, "Catalog.ListProducts": "Shadow" } } }
            """);
        errors.ShouldBeEmpty();
        definition!.Shadow.IgnoredFields.Select(f => f.Text).ShouldBe(["traceId", "items[*].next"]);
        definition.Shadow.Headers.ShouldBe(["ETag"]);
        definition.Shadow.MaskedFields.ShouldBe(["email"]);
        var snapshot = new RoutingSnapshot(new RoutingRevision(1, "", default, "", ""), definition, shop.Services.GetRequiredService<EndpointInventory>(), TimeProvider.System);
        Shadow(snapshot, "Catalog.GetProduct")!.Rules.IgnoredFields.Select(f => f.Text).ShouldBe(["traceId", "items[*].next", "available"]);
        Shadow(snapshot, "Catalog.GetStock").ShouldBeNull();

        // Another revision goes on counting where the mode stays, and begins anew where it has been another.
        var (home, _) = Read($$"""{ "Facade": { {{Services}}, "Endpoints": { "Catalog.GetProduct": "Shadow" } } }""");
        var next = Next(home!, snapshot);
        Shadow(next, "Catalog.GetProduct")!.Figures.ShouldBeSameAs(Shadow(snapshot, "Catalog.GetProduct")!.Figures);
        Shadow(next, "Catalog.ListProducts").ShouldBeNull();
        Shadow(Next(definition, next), "Catalog.ListProducts")!.Figures.ShouldNotBeSameAs(Shadow(snapshot, "Catalog.ListProducts")!.Figures);

        RoutingSnapshot Next(RoutingDefinition to, RoutingSnapshot before) =>
            new(new RoutingRevision(before.Revision.Number + 1, "", default, "", ""), to, shop.Services.GetRequiredService<EndpointInventory>(), TimeProvider.System, before);

        static ShadowWatch? Shadow(RoutingSnapshot snapshot, string endpoint) => snapshot.Routes.SingleOrDefault(r => r.Endpoint.Name == endpoint)?.Shadow;
    }

    [Fact]
    public void Everything_that_is_wrong_is_named_at_once()
    {
        var (_, errors) = Read("""
            { "Facade": {
                "Services": { "Catalog": { "Destinations": [ "nonsense" ] }, "Nowhere": { "Destinations": [ "https://127.0.0.1:1" ] } },
                "Endpoints": { "Catalog.GetProduct": { "Mode": "Canary", "Percent": 101 }, "Catalog.ChangePrice": "Shadow", "Nobody": "Service" } } }
            """);
        errors.Select(e => e.Key).ShouldBe(
            ["Facade:Services:Catalog:Destinations:0", "Facade:Services:Nowhere", "Facade:Endpoints:Catalog.GetProduct:Percent", "Facade:Endpoints:Catalog.ChangePrice", "Facade:Endpoints:Nobody"]);
    }

    private (RoutingDefinition? Definition, IReadOnlyList<RoutingError> Errors) Read(string text) =>
        RoutingFile.Read(text, shop.Services.GetRequiredService<EndpointInventory>(), shop.Services.GetRequiredService<DestinationRules>().ProblemOf);
}
