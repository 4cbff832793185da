using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using EndToEnd.Tests.Facade;
using EndToEnd.Tests.Moves;
using ModularShop.Contracts;
using ModularShop.Messaging;
using ModularShop.Modularity.Deployables;
using ModularShop.Ordering.Contracts;

namespace EndToEnd.Tests.Departed;

/// <summary>The end of an extraction: the module's code leaves the host, and its service answers for it.</summary>
public sealed class DepartedModuleTests(DepartedHost departed) : IClassFixture<DepartedHost>
{
    private const string Product = "/api/v1/catalog/products/KIT-0101";

    [Fact]
    public async Task A_host_whose_database_still_has_the_data_of_a_module_does_not_start_without_it()
    {
        await using var database = await TestDatabase.MigratedAsync();
        await using var host = HostProcess.StartIn(departed.Folder, database);
        (await host.ExitCodeAsync()).ShouldBe(1);
        host.Errors.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            line => line.ShouldContain("Catalog is not in this host, and its data is: the monolith owns it (epoch 1)"),
            line => line.ShouldContain("Put its line back"),
            line => line.ShouldContain("./shop move create catalog"));
    }

    [Fact]
    public async Task A_host_that_knows_no_service_of_a_departed_module_says_so_and_sells_what_it_can()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host = HostProcess.StartIn(departed.Folder, database);
        await host.ReadyAsync();
        (await host.Client.GetFromJsonAsync<JsonNode>(new Uri("/health/ready", UriKind.Relative)))!["checks"]!["departed modules"]!["description"]!.GetValue<string>()
            .ShouldContain("nobody has said where its service is: Facade:Services:Catalog");
        await host.Client.GetAsync(new Uri(Product, UriKind.Relative)).ShouldHaveStatusAsync(503);
        await host.Client.PostAsync(new Uri("/api/v1/ordering/carts", UriKind.Relative), null).ShouldHaveStatusAsync(201);
    }

    [Fact]
    public async Task A_module_that_has_left_is_answered_by_its_service_and_the_shop_sells_on()
    {
        await using var shop = await MovingShop.StartAsync(TestDatabase.Engine);
        await shop.CompleteAsync();
        await shop.Deployment.KillAsync(Deployable.Monolith);
        await shop.Deployment.KillAsync("Catalog");

        // It starts while the service is down, and what it lets in is what it let in before.
        shop.Deployment.HostIn = departed.Folder;
        var host = shop.Deployment.Start(Deployable.Monolith);
        await host.ReadyAsync();
        await ShouldLetInAsync(host.Client, shop.Operator);
        await host.Client.GetAsync(new Uri(Product, UriKind.Relative)).ShouldHaveStatusAsync(503);
        await shop.Operator.PostAsJsonAsync(new Uri($"{Product}/stock", UriKind.Relative), new { quantity = 5, reason = "found" }).ShouldHaveStatusAsync(503);

        await shop.Deployment.Start("Catalog").ReadyAsync();
        await Eventually.TrueAsync(async () => (await host.Client.GetAsync(new Uri(Product, UriKind.Relative))).StatusCode is HttpStatusCode.OK, "the service to be found again");
        await ShouldSellAsync(host.Client);
        await ShouldSpeakOfItAsync(host.Client, shop.Operator);
        await ShouldPassOnAsync(shop.Deployment.AsPeer(Deployable.Monolith));

        // The way back of the code: the data stays where it is.
        await shop.Deployment.KillAsync(Deployable.Monolith);
        shop.Deployment.HostIn = null;
        await shop.Deployment.Start(Deployable.Monolith).ReadyAsync();
        await ShouldSellAsync(shop.Deployment.Host.Client);
    }

    /// <summary>Whoever may not call the service's endpoints is refused where requests come in, though the service is down.</summary>
    private static async Task ShouldLetInAsync(HttpClient anonymous, HttpClient operators)
    {
        var create = new Uri("/api/v1/catalog/products", UriKind.Relative);
        await anonymous.PostAsJsonAsync(create, new { }).ShouldHaveStatusAsync(401);
        var shopper = await Shopper.RegisterAsync(anonymous);
        await shopper.SendAsync(HttpMethod.Post, "catalog/products", new { }).ShouldHaveStatusAsync(403);
        await anonymous.GetAsync(new Uri("/api/v1/messages/catalog/dead-letters", UriKind.Relative)).ShouldHaveStatusAsync(401);
        using var tooLong = new StringContent(new string('x', (1024 * 1024) + 1), new MediaTypeHeaderValue("application/json"));
        await operators.PostAsync(create, tooLong).ShouldHaveStatusAsync(413);
    }

    private static async Task ShouldSellAsync(HttpClient client)
    {
        using var product = await client.GetAsync(new Uri(Product, UriKind.Relative));
        (product.StatusCode, product.AnsweredBy()).ShouldBe((HttpStatusCode.OK, "catalog-service"));
        var before = JsonNode.Parse(await product.Content.ReadAsStringAsync())!["available"]!.GetValue<int>();
        var shopper = await Shopper.RegisterAsync(client);
        var order = await shopper.BuyAsync("KIT-0101", 2);
        await shopper.BecomesAsync(order, "confirmed", "dispatched", "delivered");
        await Eventually.TrueAsync(async () => (await shopper.GetAsync("catalog/products/KIT-0101"))["available"]!.GetValue<int>() == before - 2, "the pieces to be gone");
        (await shopper.GetAsync($"shop/orders/{order}")).ShouldSatisfyAllConditions(
            o => o["missing"]!.AsArray().ShouldBeEmpty(),
            o => o["payment"].ShouldNotBeNull());

        var declined = await shopper.BuyAsync("KIT-0101", 1, Shopper.DeclinedCard);
        await shopper.BecomesAsync(declined, "rejected");
        await Eventually.TrueAsync(async () => (await shopper.GetAsync("catalog/products/KIT-0101"))["available"]!.GetValue<int>() == before - 2, "the reserved piece to come back");
    }

    private static async Task ShouldSpeakOfItAsync(HttpClient anonymous, HttpClient operators)
    {
        var routes = (await GetAsync("routes"))["endpoints"]!.AsArray().Where(e => e!["module"]!.GetValue<string>() == "Catalog").ToList();
        routes.Count.ShouldBeGreaterThan(10);
        routes.ShouldAllBe(e => e!["mode"]!.GetValue<string>() == "Service" && e["answers"]!.GetValue<string>() == "catalog-service" && e["owner"]!.GetValue<string>() == "service");
        (await CodeAsync(operators.PutAsJsonAsync(At("routes/Catalog.GetProduct"), new { mode = "Monolith", reason = "try it" }), 409)).ShouldBe("routes.departed");
        await operators.PostAsJsonAsync(At("routes/home"), new { reason = "send all home" }).ShouldHaveStatusAsync(200);

        var owner = (await GetAsync("ownership")).AsArray().Single(o => o!["module"]!.GetValue<string>() == "Catalog")!;
        (owner["owner"]!.GetValue<string>(), owner["epoch"]!.GetValue<long>() > 1).ShouldBe(("service", true));
        (await CodeAsync(operators.PutAsJsonAsync(At("ownership/Catalog"), new { owner = "monolith", expectedEpoch = 2, reason = "try it" }), 409)).ShouldBe("ownership.departed");
        (await CodeAsync(operators.GetAsync(At("moves/catalog")), 409)).ShouldBe("moves.departed");

        // What operators do with its messages, and its document, are its service's.
        (await GetAsync("messages/Catalog/dead-letters"))["items"]!.AsArray().ShouldBeEmpty();
        var document = await anonymous.GetAsync(new Uri("/openapi/catalog.json", UriKind.Relative)).ShouldBeAsync(200);
        document["paths"]!.AsObject().Count.ShouldBeGreaterThan(5);
        document["servers"].ShouldBeNull("where the service listens is no business of clients");
        var health = (await anonymous.GetAsync(new Uri("/health/ready", UriKind.Relative)).ShouldBeAsync(200))["checks"]!;
        health["departed modules"]!["status"]!.GetValue<string>().ShouldBe("Healthy");
        health["deployable"]!["data"]!["modules"]!["Catalog"]!["data"]!.GetValue<string>().ShouldBe("Retired");

        Task<JsonNode> GetAsync(string path) => operators.GetAsync(At(path)).ShouldBeAsync(200);
    }

    /// <summary>Other services ask the host, and send their messages to it, as if the module were there.</summary>
    private static async Task ShouldPassOnAsync(HttpClient peer)
    {
        using (peer)
        {
            var answer = await peer.PostAsJsonAsync(new Uri("/internal/apis/Catalog/GetProducts", UriKind.Relative), new { skus = new[] { "KIT-0101" } }).ShouldBeAsync(200);
            answer.AsArray().ShouldHaveSingleItem()!["sku"]!.GetValue<string>().ShouldBe("KIT-0101");
            var subscriptions = await peer.GetAsync(new Uri("/internal/subscriptions", UriKind.Relative)).ShouldBeAsync(200);
            subscriptions["Ordering.OrderConfirmed"]!.AsArray().ShouldContain(m => m!.GetValue<string>() == "Catalog");
            var confirmed = new Envelope(
                Guid.CreateVersion7(), "Ordering", "Ordering.OrderConfirmed", 1, $"order/{Guid.CreateVersion7()}", new Sequence(1, 0), TimeProvider.System.GetUtcNow(), null,
                JsonSerializer.Serialize(new OrderConfirmed(Guid.CreateVersion7(), "1", Guid.CreateVersion7(), Money.Zero("EUR")), MessageTypes.Json));
            var received = await peer.PostAsJsonAsync(new Uri("/internal/messages/Catalog", UriKind.Relative), new MessageBatch(1, [confirmed]), MessageTypes.Json).ShouldBeAsync(200);
            (received["module"]!.GetValue<string>(), received["received"]!.GetValue<int>()).ShouldBe(("Catalog", 1));
        }
    }

    private static async Task<string> CodeAsync(Task<HttpResponseMessage> sending, int status) => (await sending.ShouldBeAsync(status))["code"]!.GetValue<string>();

    private static Uri At(string path) => new($"/api/v1/{path}", UriKind.Relative);
}
