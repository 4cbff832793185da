using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ModularShop.Contracts;
using ModularShop.Messaging;
using ModularShop.Shipping.Contracts;
using ModularShop.Shipping.Domain;

namespace Modules.Tests.Shipping;

/// <summary>A shop whose carrier does what the tests tell it, and whose parcels move when the tests say so.</summary>
public class ShippingShop : ShopFixture
{
    internal TestCarrier Carrier { get; } = new();

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Shipping:Jobs:AdvanceShipments", "1.00:00:00"),
        new("Shipping:Carrier:RetryBaseMilliseconds", "5"),
        new("Shipping:Carrier:RetryMaxSeconds", "1"),
        new("Shipping:Carrier:TimeoutMilliseconds", "10000"),
        new("Shipping:Carrier:BreakAfterCalls", "10000"),
    ];

    protected override void ConfigureServices(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<ICarrier>(Carrier));
}

[CollectionDefinition(Name)]
public sealed class ShippingCollection : ICollectionFixture<ShippingShop>
{
    public const string Name = "shipping";
}

/// <summary>An order as Ordering would ask for its shipment. The recipient is how the carrier of the tests knows it.</summary>
internal sealed record TestOrder(Guid Id, Guid CustomerId, PostalAddress Address)
{
    public string Recipient => Address.Recipient;

    public string Subject => $"checkout/{Id}";

    public static TestOrder New(string country = "DE", string postalCode = "10115", string? recipient = null) => new(
        Guid.CreateVersion7(), Guid.CreateVersion7(),
        new PostalAddress(recipient ?? $"Recipient {Guid.CreateVersion7():N}", "Invalidenstraße 1", "Berlin", postalCode, country));

    public CreateShipment Create(string service = "standard", int grams = 1200) => new(Id, "MS-1001", CustomerId, Address, service, grams);
}

internal static class ShippingSteps
{
    public static Task AskForAsync(this ShopFixture shop, TestOrder order, string service = "standard", int grams = 1200) =>
        shop.DeliverAsync("Shipping", "Ordering", order.Subject, order.Create(service, grams));

    public static Task CancelAsync(this ShopFixture shop, TestOrder order) =>
        shop.DeliverAsync("Shipping", "Ordering", order.Subject, new CancelShipment(order.Id));

    public static async Task<TestOrder> BookedAsync(this ShopFixture shop, TestOrder? order = null)
    {
        order ??= TestOrder.New();
        await shop.AskForAsync(order);
        await shop.PublishedAsync<ShipmentCreated>(m => m.OrderId == order.Id);
        return order;
    }

    public static async Task<JsonNode> ShipmentAsync(this ShopFixture shop, TestOrder order)
    {
        using var operators = shop.Operator();
        return await operators.GetAsync($"/api/v1/shipping/shipments/{order.Id}").ShouldBeAsync(200);
    }

    public static async Task<string> StatusAsync(this ShopFixture shop, TestOrder order) => (await shop.ShipmentAsync(order)).Text("status");

    public static async Task<string> NumberAsync(this ShopFixture shop, TestOrder order) => (await shop.ShipmentAsync(order)).Text("trackingNumber");

    public static string Text(this JsonNode node, string property) => node[property]!.GetValue<string>();

    public static Task TrackAsync(this ShopFixture shop) => shop.RunJobAsync("Shipping", "AdvanceShipments");

    /// <summary>Everything said about the shipment, in the order in which it was delivered.</summary>
    public static IReadOnlyList<Envelope> SaidAbout(this ShopFixture shop, TestOrder order) =>
        [.. shop.Services.GetRequiredService<PublishedMessages>().All.Where(e => e.Source == "Shipping" && e.Data.Contains(order.Id.ToString(), StringComparison.Ordinal))];

    public static IReadOnlyList<string> TypesSaidAbout(this ShopFixture shop, TestOrder order) =>
        [.. shop.SaidAbout(order).Select(e => e.Type["Shipping.".Length..])];
}
