using System.Net;
using ModularShop.Catalog.Infrastructure;
using ModularShop.Messaging;

namespace EndToEnd.Tests.Cli;

/// <summary>What an operator does with <c>./shop</c>.</summary>
public sealed class CommandTests(CliShop shop) : IClassFixture<CliShop>, IDisposable
{
    private const string Why = "--reason=a test";
    private readonly CommandLine _operator = shop.Operator();

    [Fact]
    public async Task Routes_are_set_listed_explained_and_sent_home()
    {
        (await _operator.RunAsync("routes", "set", "Catalog.GetProduct", "Service", "--timeout", "500ms", "--no-fallback", Why)).ShouldBeDone().Output.ShouldContain("catalog-service");
        (await _operator.RunAsync("routes", "canary", "Catalog.ListProducts", "10", Why)).ShouldBeDone().Output.ShouldContain("Canary 10 %");
        (await _operator.RunAsync("routes", "shadow", "Catalog.ListCategories", Why)).ShouldBeDone().Output.ShouldContain("Shadow");

        var table = (await _operator.RunAsync("routes", "list", "--module", "catalog")).ShouldBeDone().Output;
        table.ShouldContain("Catalog.GetProduct");
        table.ShouldNotContain("Shipping.");
        table.ShouldNotContain("│");
        var routing = (await _operator.RunAsync("--json", "routes", "list")).ShouldBeJson();
        var route = routing["endpoints"]!.AsArray().Single(e => e!["name"]!.GetValue<string>() == "Catalog.GetProduct")!;
        (route["mode"]!.GetValue<string>(), route["timeoutSeconds"]!.GetValue<double>(), route["fallback"]!.GetValue<bool>()).ShouldBe(("Service", 0.5, false));

        (await _operator.RunAsync("routes", "explain", "GET /api/v1/catalog/products/42")).Output.ShouldContain("because   It reads, and its mode is Service");
        (await _operator.RunAsync("routes", "home", "--reason", "all back")).ShouldBeDone().Output.ShouldContain("every endpoint is back at the monolith");
        var history = (await _operator.RunAsync("routes", "history", "--take", "1")).ShouldBeDone().Output;
        history.ShouldContain("all back");
        history.ShouldContain("Catalog.ListProducts: Canary 10 % -> Monolith");
        history.ShouldContain("Development ");
        (await _operator.RunAsync("routes", "history", "--take", "2", "--json")).ShouldBeJson().AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Figures_of_what_is_shadowed_are_shown_with_their_samples()
    {
        (await _operator.RunAsync("routes", "shadow", "Catalog.GetStock", Why)).ShouldBeDone();
        (await _operator.RunAsync("routes", "figures", "catalog.getstock")).ShouldBeDone().Output.ShouldContain("compared");
    }

    [Fact]
    public async Task A_rollout_is_begun_looked_at_and_ended()
    {
        var begun = (await _operator.RunAsync("routes", "rollout", "start", "Shipping.ListRates", "--steps", "5,50%,100", "--gates", "50", "--bake", "30m", "--requests", "1000", "--max-p95-ratio", "2", Why)).ShouldBeDone().Output;
        begun.ShouldContain("Shipping.ListRates: Running at");
        begun.ShouldContain("(steps: 5 %, 50 %, 100 %)");
        await Eventually.TrueAsync(async () => (await StatusAsync()).Contains("Running at 5 %, then 50 %", StringComparison.Ordinal), "the first step");
        (await StatusAsync()).ShouldContain("It waits:");
        (await _operator.RunAsync("routes", "list")).Output.ShouldMatch(@"Shipping\.ListRates\s+GET\s+Canary 5 %\s+Running");
        var limits = (await _operator.RunAsync("routes", "rollout", "status", "Shipping.ListRates", "--json")).ShouldBeJson()["limits"]!;
        (limits["bakeSeconds"]!.GetValue<double>(), limits["minimumRequests"]!.GetValue<int>(), limits["maxP95Ratio"]!.GetValue<double>()).ShouldBe((1800, 1000, 2));
        (await _operator.RunAsync("routes", "rollout", "approve", "Shipping.ListRates", Why)).ShouldFail(1, "There is nothing to approve", "min more");
        (await _operator.RunAsync("routes", "rollout", "pause", "Shipping.ListRates", Why)).ShouldBeDone().Output.ShouldContain("Paused at 5 %");
        (await _operator.RunAsync("routes", "rollout", "abort", "Shipping.ListRates", Why)).ShouldBeDone().Output.ShouldContain("RolledBack at Monolith");
        (await _operator.RunAsync("routes", "rollout", "start", "Shipping.ListRates", "--steps", "all", Why)).ShouldFail(1, "from 1 to 100 is wanted, not \"all\"");
        (await _operator.RunAsync("routes", "rollout", "start", "Shipping.ListRates", "--bake", "soon", Why)).ShouldFail(2, "--bake is 'soon'");
        (await _operator.RunAsync("routes", "rollout", "status", "Shipping.Nothing")).ShouldFail(1, "There is no endpoint Shipping.Nothing");
        (await _operator.RunAsync("routes", "set", "Shipping.ListRates", "Monolith", Why)).ShouldBeDone();
        (await _operator.RunAsync("routes", "rollout", "status", "Shipping.ListRates")).ShouldFail(1, "has no rollout");

        async Task<string> StatusAsync() => (await _operator.RunAsync("routes", "rollout", "status", "Shipping.ListRates")).ShouldBeDone().Output;
    }

    [Fact]
    public async Task A_routing_file_that_is_rejected_is_shown_before_the_routes()
    {
        var file = Path.Combine(shop.DataFolder, "routing.json");
        await File.WriteAllTextAsync(file, """{ "Facade": { "Endpoints": { "Catalog.GetProduct": "Sevice" } } }""");
        await Eventually.TrueAsync(async () => (await _operator.RunAsync("routes", "list", "--json")).ShouldBeJson()["errors"]!.AsArray().Count > 0, "the error to be known");
        var said = (await _operator.RunAsync("routes", "list")).Output;
        said.ShouldContain("is NOT in effect");
        said.IndexOf("'Sevice' is none of the modes", StringComparison.Ordinal).ShouldBeInRange(0, said.IndexOf("Catalog.ListProducts", StringComparison.Ordinal));
        shop.Deployment.Route();
        await Eventually.TrueAsync(async () => (await _operator.RunAsync("routes", "list", "--json")).ShouldBeJson()["errors"]!.AsArray().Count == 0, "the routing to be valid again");
    }

    [Fact]
    public async Task An_owner_is_changed_in_the_epoch_that_was_read()
    {
        (await _operator.RunAsync("owner", "set", "shipping", "Service", Why)).ShouldBeDone().Output.ShouldContain("Shipping: the service writes its data, epoch 2.");
        (await _operator.RunAsync("owner", "list")).ShouldBeDone().Output.ShouldContain("a test");
        var back = (await _operator.RunAsync("owner", "set", "Shipping", "Monolith", Why, "--json")).ShouldBeJson();
        (back["owner"]!.GetValue<string>(), back["epoch"]!.GetValue<int>()).ShouldBe(("monolith", 3));
        (await _operator.RunAsync("owner", "set", "Shipping", "Nobody", Why)).ShouldFail(1, "'owner' must be one of Monolith, Service");
        (await _operator.RunAsync("owner", "set", "Nothing", "Service", Why)).ShouldFail(1, "There is no module 'Nothing'", "Catalog");
    }

    [Fact]
    public async Task Dead_letters_are_listed_grouped_retried_and_discarded()
    {
        var letter = await PoisonAsync();
        await Eventually.TrueAsync(async () => (await _operator.RunAsync("messages", "causes", "Catalog", "--json")).ShouldBeJson().AsArray().Count == 1, "the dead letter", TimeSpan.FromSeconds(60));
        (await _operator.RunAsync("messages", "dead-letters", "Catalog", "--json")).ShouldBeJson()["items"]![0]!["id"]!.GetValue<Guid>().ShouldBe(letter);
        (await _operator.RunAsync("messages", "dead-letters", "Catalog")).ShouldBeDone().Output.ShouldContain("Catalog.ReserveStock");
        (await _operator.RunAsync("messages", "dead-letters", "Catalog", "--type", "Catalog.ReserveStock")).ShouldBeDone().Output.ShouldContain($"{letter}");
        (await _operator.RunAsync("messages", "dead-letters", "Catalog", "--cause", "another")).ShouldBeDone().Output.ShouldNotContain($"{letter}");
        (await _operator.RunAsync("messages", "causes", "Catalog")).ShouldBeDone().Output.ShouldContain("JsonException");
        (await _operator.RunAsync("messages", "retry", "Catalog", "--type", "Catalog.Other")).ShouldBeDone().Output.ShouldContain("0 handled again");
        (await _operator.RunAsync("messages", "retry", "Catalog", "--id", letter.ToString(), "--json")).ShouldBeJson()["outcome"]!.GetValue<string>().ShouldBe("retried");
        await Eventually.TrueAsync(async () => (await _operator.RunAsync("messages", "causes", "Catalog", "--json")).ShouldBeJson().AsArray().Count == 1, "it to fail again", TimeSpan.FromSeconds(60));
        (await _operator.RunAsync("messages", "discard", "Catalog", "--id", letter.ToString(), Why)).ShouldBeDone().Output.ShouldContain("is discarded");
        (await _operator.RunAsync("messages", "discard", "Catalog", "--id", letter.ToString(), Why)).ShouldFail(1, "Catalog has no dead letter");
        (await _operator.RunAsync("messages", "dead-letters", "Nothing")).ShouldFail(1, "There is no module 'Nothing'");
    }

    [Fact]
    public async Task What_the_shop_refuses_is_said_in_its_words()
    {
        (await _operator.RunAsync("routes", "set", "Catalog.Nothing", "Service", Why)).ShouldFail(1, "There is no endpoint Catalog.Nothing; './shop routes list' shows those there are.");
        (await _operator.RunAsync("routes", "figures", "Catalog.Nothing")).ShouldFail(1, "There is no endpoint Catalog.Nothing; './shop routes list' shows those there are.");
        (await _operator.RunAsync("routes", "figures", "Catalog.CreateProduct")).ShouldFail(1, "The mode of Catalog.CreateProduct is Monolith, and nothing is compared");
        (await _operator.RunAsync("routes", "set", "Catalog.GetProduct", "Sevice", Why)).ShouldFail(1, "'Sevice' is none of the modes Monolith, Shadow, Canary, Service");
        (await _operator.RunAsync("routes", "canary", "Catalog.GetProduct", "101", Why, "--json")).ShouldFail(1, "0 to 100");
        (await _operator.RunAsync("routes", "shadow", "Catalog.CreateProduct", Why)).ShouldFail(1, "Shadow is for GET");
        (await _operator.RunAsync("routes", "set", "Catalog.GetProduct", "Service", "--reason", "x")).ShouldFail(1, "3 to 500 characters");
        (await _operator.RunAsync("routes", "explain", "GET /nothing")).ShouldFail(1, "No endpoint of a module answers at /nothing");
        (await _operator.RunAsync("routes", "list", "--module", "Nothing")).ShouldFail(1, "There is no module 'Nothing'");
    }

    [Theory]
    [InlineData("routes set Catalog.GetProduct", "Required argument missing")]
    [InlineData("routes set Catalog.GetProduct Service", "--reason is missing")]
    [InlineData("routes canary Catalog.GetProduct many --reason=why", "a whole number")]
    [InlineData("routes set Catalog.GetProduct Service --timeout 2x --reason=why", "500ms, 2s, 10m or 1h")]
    [InlineData("routes move", "'move'")]
    [InlineData("messages retry Catalog", "either --id of one")]
    [InlineData("messages discard Catalog --reason=why", "--id")]
    [InlineData("login --email operator@modularshop.example", "--password is missing")]
    [InlineData("services up Nothing", "There is no service 'Nothing' in src/Extracted; there are Catalog,")]
    [InlineData("extract Nothing", "There is no module 'Nothing' in src/Modules; there are Catalog, Customers, Ordering, Payments, Shipping.")]
    [InlineData("extract", "Required argument missing")]
    [InlineData("--url nowhere routes list", "'nowhere' is no address of a shop")]
    public async Task Wrong_usage_is_named(string line, string said) => (await _operator.RunAsync(line.Split(' '))).ShouldFail(2, said);

    [Theory]
    [InlineData("")]
    [InlineData("routes set")]
    [InlineData("messages retry")]
    [InlineData("services up")]
    [InlineData("extract")]
    [InlineData("readiness")]
    [InlineData("doctor")]
    public async Task Help_has_examples(string command) =>
        (await _operator.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"])).ShouldBeDone().Output.ShouldContain($"Examples:\n  ./shop {command}".TrimEnd());

    [Fact]
    public async Task A_shop_that_does_not_answer_is_named()
    {
        var nowhere = $"http://localhost:{HostProcess.FreePort()}";
        (await _operator.RunAsync("routes", "list", "--url", nowhere)).ShouldFail(3, $"No shop answers at {nowhere}: start it with 'dotnet run --project src/Host', or say where it is with --url.");
        (await _operator.RunAsync("services", "up", "--url", nowhere)).ShouldFail(3, nowhere);
        (await shop.Host.Client.GetAsync(new Uri("/health/live", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    public void Dispose() => _operator.Dispose();

    private async Task<Guid> PoisonAsync()
    {
        var order = Guid.CreateVersion7();
        var envelope = new Envelope(
            Guid.CreateVersion7(), "Ordering", "Catalog.ReserveStock", 1, $"order/{order}", new Sequence(1, 0), TimeProvider.System.GetUtcNow(), null,
            $$"""{"orderId":"{{order}}","lines":"all of them"}""");
        await using var catalog = shop.Database.Open<CatalogDbContext>();
        catalog.Add(InboxMessage.Of(envelope, envelope.Time, dueAt: envelope.Time));
        await catalog.SaveChangesAsync();
        return envelope.Id;
    }
}
