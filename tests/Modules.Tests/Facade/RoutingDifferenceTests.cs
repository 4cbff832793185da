using ModularShop.Facade;

namespace Modules.Tests.Facade;

public sealed class RoutingDifferenceTests
{
    [Theory]
    [InlineData("", "\"Catalog.GetProduct\": \"Service\"", "Catalog.GetProduct: Monolith -> Service")]
    [InlineData("\"Catalog.GetProduct\": \"service\"", "", "Catalog.GetProduct: Service -> Monolith")]
    [InlineData("\"Catalog.GetProduct\": \"Monolith\"", "\"catalog.getproduct\": { \"Mode\": \"Canary\", \"Percent\": 10 }", "catalog.getproduct: Monolith -> Canary 10 %")]
    [InlineData("\"A.B\": { \"Mode\": \"Canary\", \"Percent\": 10 }", "\"A.B\": { \"Percent\": 25, \"Mode\": \"Canary\" }", "A.B: Canary 10 % -> Canary 25 %")]
    [InlineData("\"A.B\": \"Service\"", "\"A.B\": { \"Mode\": \"Service\", \"TimeoutSeconds\": 3, \"Fallback\": false }", "A.B: Service -> Service, TimeoutSeconds 3, Fallback false")]
    [InlineData("\"A.B\": { \"Mode\": \"Shadow\", \"TimeoutSeconds\": 3, \"IgnoredFields\": [ \"a\" ] }", "\"A.B\": { \"Mode\": \"Shadow\", \"TimeoutSeconds\": 3, \"IgnoredFields\": [ \"a\", \"b\" ] }", "A.B: Shadow, IgnoredFields a -> Shadow, IgnoredFields a, b")]
    [InlineData("\"A.B\": { \"Mode\": \"Canary\", \"Percent\": 1, \"Plan\": { \"Steps\": [ 1, 5 ] } }", "\"A.B\": \"Service\"", "A.B: Canary 1 %, Plan Steps 1, 5 -> Service")]
    [InlineData("\"A.B\": \"Monolith\"", "\"A.B\": { \"Mode\": \"Monolith\" }", "")]
    [InlineData("\"A.B\": \"Service\", \"A.C\": \"Service\"", "\"A.C\": \"Shadow\"", "A.B: Service -> Monolith|A.C: Service -> Shadow")]
    public void Endpoints_are_named_with_what_they_were_and_are(string before, string after, string said) =>
        RoutingDifference.Between(Endpoints(before), Endpoints(after)).ShouldBe(said.Split('|', StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void The_first_revision_is_compared_with_a_shop_without_services() => RoutingDifference.Between(null, """
        { "Facade": { // with a comment
            "Services": { "Catalog": { "Destinations": [ "https://a:1", "https://b:1" ], "LoadBalancing": "Random" } },
            "Endpoints": { "A.B": "Service" }, } }
        """).ShouldBe(["A.B: Monolith -> Service", "Services:Catalog: nothing -> Destinations https://a:1, https://b:1; LoadBalancing Random"]);

    [Theory]
    [InlineData("no JSON at all")]
    [InlineData("[]")]
    [InlineData("{ \"Facade\": 7 }")]
    [InlineData("{ \"Facade\": { \"Endpoints\": [ 1 ] } }")]
    public void A_text_that_is_no_routing_is_taken_for_an_empty_one(string text) =>
        RoutingDifference.Between(text, Endpoints("\"A.B\": \"Service\"")).ShouldBe(["A.B: Monolith -> Service"]);

    private static string Endpoints(string endpoints) => $$"""{ "Facade": { "Endpoints": { {{endpoints}} } } }""";
}
