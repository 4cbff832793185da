using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModularShop.Shipping.Contracts;

namespace Modules.Tests.Shipping;

/// <summary>A shop whose carrier is a small HTTP server.</summary>
public sealed class HttpCarrierShop : ShopFixture
{
    private readonly WebApplication _carrier;

    public HttpCarrierShop()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _carrier = builder.Build();
        _carrier.Run(AnswerAsync);
    }

    public ConcurrentQueue<(string Method, string Path, string? Key, string? Authorization, string Body)> Calls { get; } = new();

    /// <summary>What the carrier answers; by method and the number at the end of the path.</summary>
    public Func<string, string, (int Status, string Body)> Answer { get; set; } = (_, _) => (200, "[]");

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Shipping:Jobs:AdvanceShipments", "1.00:00:00"),
        new("Shipping:Carrier:Url", _carrier.Urls.Single() + "/v1"),
        new("Shipping:Carrier:ApiKey", "secret-of-the-tests"),
        new("Shipping:Carrier:RetryBaseMilliseconds", "5"),
        new("Shipping:Carrier:RetryMaxSeconds", "1"),
        new("Shipping:Carrier:TimeoutMilliseconds", "2000"),
        new("Shipping:Carrier:BreakAfterCalls", "4"),
        new("Shipping:Carrier:BreakSeconds", "60"),
        new("Shipping:Carrier:GiveUpAfterSeconds", "86400"),
    ];

    public override async Task InitializeAsync()
    {
        await _carrier.StartAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _carrier.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var path = context.Request.Path.Value!;
        Calls.Enqueue((context.Request.Method, path, context.Request.Headers["Idempotency-Key"], context.Request.Headers.Authorization, await reader.ReadToEndAsync()));
        var (status, body) = Answer(context.Request.Method, path);
        context.Response.StatusCode = status;
        if (status is not 204)
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(body);
        }
    }
}

[Trait(RunOnly.Trait, RunOnly.Once)]
public sealed class HttpCarrierTests(HttpCarrierShop shop) : IClassFixture<HttpCarrierShop>
{
    [Fact]
    public async Task A_parcel_is_booked_tracked_and_delivered_over_http()
    {
        shop.Answer = (method, path) => path.EndsWith("/events", StringComparison.Ordinal)
            ? (200, """
                [ { "status": "collected", "at": "2026-01-02T08:00:00Z", "place": "Leipzig", "text": "Collected" },
                  { "status": "customs", "at": "2026-01-03T10:00:00+02:00", "place": null, "text": null },
                  { "status": "delivered", "at": "2026-01-04T09:30:00Z", "place": "Depot 7", "text": "Delivered", "signature": "ignored" } ]
                """)
            : (201, "{}");
        var order = await shop.BookedAsync();
        var number = await shop.NumberAsync(order);
        // More than one where a slow machine let the first time out: then all of them bear the same key.
        var bookings = shop.Calls.Where(c => c.Method == "PUT" && c.Body.Contains(order.Recipient, StringComparison.Ordinal)).ToList();
        bookings.ShouldNotBeEmpty();
        bookings.ShouldAllBe(c => c.Path == $"/v1/parcels/{number}" && c.Key == number && c.Authorization == "Bearer secret-of-the-tests");

        await shop.TrackAsync();
        await shop.PublishedAsync<ShipmentDelivered>(m => m.OrderId == order.Id);
        var events = (await shop.ShipmentAsync(order))["events"]!.AsArray();
        events.Select(e => e!.Text("status")).ShouldBe(["requested", "booked", "dispatched", "inTransit", "delivered"]);
        events[3]!["at"]!.GetValue<DateTimeOffset>().ShouldBe(new DateTimeOffset(2026, 1, 3, 8, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task An_address_the_carrier_refuses_is_not_served()
    {
        shop.Answer = (_, _) => (422, "{}");
        var order = TestOrder.New();
        await shop.AskForAsync(order);
        (await shop.PublishedAsync<ShipmentRefused>(m => m.OrderId == order.Id)).Reason.ShouldBe("address_not_served");
    }

    [Theory]
    [InlineData(204, "ShipmentCancelled")]
    [InlineData(404, "ShipmentCancelled")]
    [InlineData(409, "ShipmentCancellationRefused")]
    public async Task A_cancellation_is_what_the_carrier_says_it_is(int status, string answer)
    {
        shop.Answer = (method, _) => method == "DELETE" ? (status, "{}") : (200, "{}");
        var order = await shop.BookedAsync();
        await shop.CancelAsync(order);
        await Eventually.TrueAsync(() => Task.FromResult(shop.TypesSaidAbout(order).Count == 2), "an answer to the cancellation");
        shop.TypesSaidAbout(order).ShouldBe(["ShipmentCreated", answer]);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(401)]
    [InlineData(302)]
    public async Task An_answer_that_says_nothing_is_asked_for_again_and_a_failing_carrier_is_left_alone_for_a_while(int status)
    {
        // What other tests saw of the carrier is out of the breaker's sight, and a break they left behind is over.
        shop.Clock.Advance(TimeSpan.FromSeconds(61));
        shop.Answer = (_, _) => (status, "oops");
        var order = TestOrder.New();
        await shop.AskForAsync(order);
        using var operators = shop.Operator();
        await Eventually.TrueAsync(
            async () => (await operators.GetAsync("/api/v1/shipping/shipments?status=requested").ShouldBeAsync(200))["items"]!.AsArray()
                .Any(s => s!.Text("orderId") == order.Id.ToString() && s!["failedCalls"]!.GetValue<int>() >= 7),
            "seven attempts in vain");
        var number = await shop.NumberAsync(order);
        shop.Calls.Count(c => c.Path.EndsWith(number, StringComparison.Ordinal)).ShouldBeLessThan(7, "the circuit breaker spares the carrier calls");

        shop.Answer = (_, _) => (200, "{}");
        shop.Clock.Advance(TimeSpan.FromSeconds(61));
        await shop.PublishedAsync<ShipmentCreated>(m => m.OrderId == order.Id);
    }

    [Fact]
    public async Task A_history_that_cannot_be_read_changes_nothing_and_holds_up_no_booking()
    {
        shop.Answer = (_, _) => (200, """{ "not": "a list" }""");
        var order = await shop.BookedAsync();
        for (var run = 0; run < 10; run++)
        {
            await shop.TrackAsync();
        }

        (await shop.StatusAsync(order)).ShouldBe("booked");
        await shop.BookedAsync();
        shop.Clock.Advance(TimeSpan.FromSeconds(61));
    }
}
