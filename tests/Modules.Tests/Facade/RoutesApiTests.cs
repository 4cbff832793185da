using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Internal;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Facade;

namespace Modules.Tests.Facade;

[Trait(RunOnly.Trait, RunOnly.Once)]
[Collection(Shop.Name)]
public sealed class RoutesApiTests(ShopFixture shop)
{
    [Fact]
    public async Task Every_endpoint_of_every_module_has_a_route()
    {
        var routing = await shop.Operator().GetAsync(At("")).ShouldBeAsync(200);
        var named = shop.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/api/v1/", StringComparison.Ordinal) && e.Metadata.GetMetadata<ProxiedEndpoint>() is null)
            .Select(e => e.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName)
            .Where(name => new[] { "Catalog", "Ordering", "Payments", "Shipping", "Customers" }.Contains(name.Split('.')[0]));
        routing["endpoints"]!.AsArray().Select(e => e!["name"]!.GetValue<string>()).ShouldBe(named, ignoreOrder: true);
    }

    [Fact]
    public void Every_endpoint_has_a_twin_that_differs_in_nothing_but_who_answers()
    {
        var endpoints = shop.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        var twins = endpoints.Where(e => e.Metadata.GetMetadata<ProxiedEndpoint>() is not null).ToDictionary(e => e.Metadata.GetRequiredMetadata<ProxiedEndpoint>().Endpoint);
        foreach (var local in endpoints.Where(e => e.Metadata.GetMetadata<LocalEndpoint>() is not null))
        {
            var twin = twins[local.Metadata.GetRequiredMetadata<LocalEndpoint>().Endpoint];
            twin.RoutePattern.RawText.ShouldBe(local.RoutePattern.RawText);
            twin.Order.ShouldBe(local.Order);
            twin.RoutePattern.ParameterPolicies.Keys.ShouldBe(local.RoutePattern.ParameterPolicies.Keys, ignoreOrder: true);
            twin.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.ShouldBe(local.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods, ignoreOrder: true);
            Shared(twin).ShouldBe(Shared(local), $"{local.DisplayName}");
            LimitOf(twin).ShouldBe(LimitOf(local).ShouldNotBeNull($"{local.DisplayName}"));
        }

        static string? LimitOf(Endpoint endpoint) => endpoint.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName;

        // What names and describes an endpoint is the local one's, as is what keeps its answers, and what marks it is each one's own.
        static IEnumerable<string> Shared(Endpoint endpoint) => endpoint.Metadata
            .Where(m => m is not (LocalEndpoint or ProxiedEndpoint or IEndpointNameMetadata or IRouteNameMetadata or IHttpMethodMetadata or IOutputCachePolicy or System.Reflection.MethodInfo
                or ISuppressLinkGenerationMetadata or IExcludeFromDescriptionMetadata or Yarp.ReverseProxy.Model.RouteModel))
            .Select(m => $"{m.GetType()}: {m}").Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Every_answer_says_who_gave_it()
    {
        foreach (var path in new[] { "/api/v1/catalog/products", "/api/v1/catalog/products/NO-SUCH-SKU", "/api/v1/ordering/orders" })
        {
            using var response = await shop.Anonymous().GetAsync(new Uri(path, UriKind.Relative));
            response.Headers.GetValues("X-Answered-By").ShouldHaveSingleItem().ShouldStartWith("monolith; revision=", customMessage: path);
        }
    }

    [Fact]
    public void Reads_are_decided_on_the_way_through_the_tables_of_addresses()
    {
        using var tables = new StringWriter();
        new DfaGraphWriter(shop.Services).Write(shop.Services.GetRequiredService<EndpointDataSource>(), tables);
        foreach (var endpoint in new[] { "Catalog.ListProducts", "Catalog.GetProduct", "Ordering.ListOrders" })
        {
            tables.ToString().ShouldContain($"Way {{ Endpoint = {shop.Services.GetRequiredService<EndpointInventory>().ByName[endpoint]}, Side = Monolith }}");
        }
    }

    [Fact]
    public async Task Of_an_address_that_is_no_endpoint_s_nobody_says_who_answers()
    {
        using var response = await shop.Anonymous().GetAsync(new Uri("/api/v1/ordering/orders/no-guid", UriKind.Relative));
        ((int)response.StatusCode).ShouldBe(404);
        response.Headers.Contains("X-Answered-By").ShouldBeFalse();
    }

    [Theory]
    [InlineData("GET /api/v1/catalog/products/BOOK-1", "Catalog.GetProduct", "It reads")]
    [InlineData("put /api/v1/catalog/products/BOOK-1/price?x=1", "Catalog.ChangePrice", "belongs to the monolith (epoch 1)")]
    public async Task Explain_says_who_answers_and_why(string request, string endpoint, string because)
    {
        var explained = await shop.Operator().GetAsync(At($"/explain?request={Uri.EscapeDataString(request)}")).ShouldBeAsync(200);
        explained["endpoint"]!.GetValue<string>().ShouldBe(endpoint);
        explained["answers"]!.GetValue<string>().ShouldBe("monolith");
        explained["because"]!.GetValue<string>().ShouldContain(because);
    }

    [Theory]
    [InlineData("nonsense", 400, "routes.no_request")]
    [InlineData("GET /nowhere", 404, "routes.no_such_address")]
    [InlineData("DELETE /api/v1/catalog/products/BOOK-1", 404, "routes.no_such_address")]
    public async Task Explain_says_when_there_is_nothing_to_explain(string request, int status, string code) =>
        (await shop.Operator().GetAsync(At($"/explain?request={Uri.EscapeDataString(request)}")).ShouldBeAsync(status))["code"]!.GetValue<string>().ShouldBe(code);

    [Theory]
    [InlineData("Catalog.Nothing", "Monolith", 404, "routes.unknown_endpoint")]
    [InlineData("Catalog.GetProduct", "Nonsense", 400, "routes.not_valid")]
    [InlineData("Catalog.GetProduct", "Service", 400, "routes.not_valid")]
    public async Task A_route_that_is_not_valid_changes_nothing(string endpoint, string mode, int status, string code)
    {
        var before = await RevisionAsync();
        (await shop.Operator().PutAsJsonAsync(At($"/{endpoint}"), new { mode, reason = "a test" }).ShouldBeAsync(status))["code"]!.GetValue<string>().ShouldBe(code);
        (await RevisionAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_change_says_why_and_is_in_the_history()
    {
        await shop.Operator().PutAsJsonAsync(At("/Catalog.GetProduct"), new { mode = "Monolith", reason = "" }).ShouldBeAsync(400);
        var revision = await RevisionAsync();
        await shop.Operator().PutAsJsonAsync(At("/Catalog.GetProduct"), new { mode = "Monolith", timeoutSeconds = 3 + revision % 2, reason = "slower than we thought", revision }).ShouldBeAsync(200);
        (await shop.Operator().PutAsJsonAsync(At("/Catalog.GetProduct"), new { mode = "Monolith", reason = "too late", revision }).ShouldBeAsync(409))
            ["code"]!.GetValue<string>().ShouldBe("routes.changed_meanwhile");
        var newest = (await shop.Operator().GetAsync(At("/history?take=1")).ShouldBeAsync(200)).AsArray()[0]!;
        newest["number"]!.GetValue<long>().ShouldBe(revision + 1);
        newest["reason"]!.GetValue<string>().ShouldBe("slower than we thought");
        newest["changes"]!.AsArray().ShouldHaveSingleItem()!.GetValue<string>().ShouldEndWith($"-> Monolith, TimeoutSeconds {3 + revision % 2}");
        newest["after"]!.GetValue<string>().ShouldContain($"\"TimeoutSeconds\": {3 + revision % 2}");
    }

    /// <summary>Made anew they would cost every endpoint of the shop a fifth of a second.</summary>
    [Fact]
    public async Task An_endpoint_that_goes_to_its_service_and_back_leaves_the_tables_of_addresses_as_they_are()
    {
        var (changes, table) = (shop.Services.GetRequiredService<RoutingChanges>(), shop.Services.GetRequiredService<RoutingTable>());
        var before = table.Current.Revision.Text;
        var tables = shop.Services.GetRequiredService<EndpointDataSource>().GetChangeToken();
        (await ApplyAsync("""{ "Facade": { "Services": { "Shipping": { "Destinations": [ "https://127.0.0.1:1" ] } } } }""")).ShouldBeEmpty();
        tables.HasChanged.ShouldBeTrue("where a service answers is part of them");
        try
        {
            tables = shop.Services.GetRequiredService<EndpointDataSource>().GetChangeToken();
            foreach (var mode in new[] { "Service", "Monolith" })
            {
                await shop.Operator().PutAsJsonAsync(At("/Shipping.TrackParcel"), new { mode, reason = "there and back" }).ShouldBeAsync(200);
            }

            tables.HasChanged.ShouldBeFalse();
        }
        finally
        {
            await ApplyAsync(before);
        }

        Task<IReadOnlyList<RoutingError>> ApplyAsync(string text) => changes.ApplyAsync(text, "a test", "there and back", expected: null, CancellationToken.None);
    }

    [Fact]
    public async Task What_was_read_in_the_file_before_a_change_does_not_undo_the_change()
    {
        var (changes, table) = (shop.Services.GetRequiredService<RoutingChanges>(), shop.Services.GetRequiredService<RoutingTable>());
        var before = table.Current.Revision;
        var read = new RoutingText(before.Text) { Expected = before.Number };
        await shop.Operator().PutAsJsonAsync(At("/Catalog.GetStock"), new { mode = "Monolith", timeoutSeconds = 3 + before.Number % 2, reason = "while the file is read" }).ShouldBeAsync(200);
        var after = table.Current.Revision;

        await Should.ThrowAsync<RoutingConflictException>(() => changes.TakeAsync(read, CancellationToken.None));

        (after.Number, table.Current.Revision).ShouldBe((before.Number + 1, after));
    }

    [Fact]
    public async Task The_routing_is_for_operators()
    {
        await shop.Anonymous().GetAsync(At("")).ShouldHaveStatusAsync(401);
        await shop.Customer().GetAsync(At("")).ShouldHaveStatusAsync(403);
        await shop.Customer().PutAsJsonAsync(At("/Catalog.GetProduct"), new { mode = "Monolith", reason = "mine" }).ShouldHaveStatusAsync(403);
        await shop.Anonymous().GetAsync(At("/Catalog.GetProduct/shadow")).ShouldHaveStatusAsync(401);
        await shop.Customer().GetAsync(At("/Catalog.GetProduct/shadow")).ShouldHaveStatusAsync(403);
    }

    [Fact]
    public async Task There_are_no_figures_of_an_endpoint_that_is_not_shadowed()
    {
        await shop.Operator().GetAsync(At("/Catalog.GetProduct/shadow")).ShouldFailAsync(409, "routes.not_shadowed");
        await shop.Operator().GetAsync(At("/Catalog.Nothing/shadow")).ShouldFailAsync(404, "routes.unknown_endpoint");
    }

    private async Task<long> RevisionAsync() => (await shop.Operator().GetAsync(At("")).ShouldBeAsync(200))["revision"]!.GetValue<long>();

    private static Uri At(string path) => new($"/api/v1/routes{path}", UriKind.Relative);
}
