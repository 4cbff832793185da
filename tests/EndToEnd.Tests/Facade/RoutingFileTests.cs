using System.Net;

namespace EndToEnd.Tests.Facade;

public sealed class RoutingFileTests(SharedRoutedHost host) : IClassFixture<SharedRoutedHost>
{
    [Fact]
    public async Task A_line_in_the_routing_file_moves_an_endpoint_and_the_line_back_moves_it_back()
    {
        var shop = host.Shop;
        await shop.RouteAsync("");
        (await shop.GetProductAsync()).AnsweredBy().ShouldBe("monolith");

        await shop.RouteAsync("""  "Catalog.GetProduct": "Service" """);
        using (var moved = await shop.GetProductAsync())
        {
            moved.AnsweredBy().ShouldBe("catalog-service");
            (await moved.Content.ReadAsStringAsync()).ShouldContain("DOUBLE");
            moved.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        }

        (await shop.Client.GetAsync(new Uri("/api/v1/catalog/products", UriKind.Relative))).AnsweredBy().ShouldBe("monolith");
        await shop.RouteAsync("""  "Catalog.GetProduct": "Monolith" """);
        (await shop.GetProductAsync()).AnsweredBy().ShouldBe("monolith");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{ \"Facade\": { \"Endpoints\": ")]
    [InlineData("{}")]
    [InlineData("""{ "Facade": { "Endpoints": { "Catalog.GetProduct": "Sevice" } } }""")]
    [InlineData(null)]
    public async Task A_routing_file_that_is_cut_off_emptied_wrong_or_deleted_changes_nothing_and_is_named(string? text)
    {
        var shop = host.Shop;
        await shop.RouteAsync("""  "Catalog.GetProduct": "Service" """);
        var revision = (await shop.RoutingAsync())["revision"]!.GetValue<long>();
        if (text is null)
        {
            File.Delete(shop.RoutingFile);
        }
        else
        {
            await shop.WriteAsync(text);
        }

        await Eventually.TrueAsync(async () => (await shop.RoutingAsync())["errors"]!.AsArray().Count > 0, "the error to be known");
        (await shop.GetProductAsync()).AnsweredBy().ShouldBe("catalog-service");
        var health = await shop.Client.GetAsync(new Uri("/health/ready", UriKind.Relative)).ShouldBeAsync(200);
        health["status"]!.GetValue<string>().ShouldBe("Degraded");
        health["checks"]!["routing"]!["description"]!.GetValue<string>().ShouldContain($"revision {revision} stays in effect");
        await Eventually.TrueAsync(() => Task.FromResult(shop.Process.Output.Contains($"The routing file is not valid; revision {revision} stays in effect.", StringComparison.Ordinal)), "the log to say so");

        await shop.RouteAsync("""  "Catalog.GetProduct": "Monolith" """);
        (await shop.RoutingAsync())["errors"]!.AsArray().ShouldBeEmpty();
        (await shop.GetProductAsync()).AnsweredBy().ShouldBe("monolith");
    }

    [Fact]
    public async Task An_editor_that_replaces_the_file_is_followed()
    {
        var shop = host.Shop;
        await shop.RouteAsync("""  "Catalog.GetProduct": "Service" """);
        var text = await File.ReadAllTextAsync(shop.RoutingFile);
        for (var i = 0; i < 5; i++)
        {
            var wanted = i % 2 == 0 ? "Monolith" : "Service";
            await File.WriteAllTextAsync($"{shop.RoutingFile}.swp", text.Replace("\"Service\"", $"\"{wanted}\"", StringComparison.Ordinal));
            File.Move($"{shop.RoutingFile}.swp", shop.RoutingFile, overwrite: true);
            var answerer = i % 2 == 0 ? "monolith" : "catalog-service";
            await Eventually.TrueAsync(async () => (await shop.GetProductAsync()).AnsweredBy() == answerer, $"the {answerer} to answer");
        }
    }

    [Fact]
    public async Task The_routing_outlives_the_process()
    {
        var shop = host.Shop;
        await shop.RouteAsync("""  "Catalog.GetProduct": "Service" """);
        (await shop.SetRouteAsync("Catalog.ListProducts", new { mode = "Canary", percent = 100, reason = "try it" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await File.ReadAllTextAsync(shop.RoutingFile)).ShouldContain("\"Canary\"", Case.Sensitive, "what the API changes is in the file");
        var revision = (await shop.RoutingAsync())["revision"]!.GetValue<long>();
        await shop.WriteAsync("{ broken");
        await shop.RestartAsync();
        (await shop.GetProductAsync()).AnsweredBy().ShouldBe("catalog-service");
        var routing = await shop.RoutingAsync();
        routing["revision"]!.GetValue<long>().ShouldBe(revision);
        routing["reason"]!.GetValue<string>().ShouldBe("try it");
    }
}
