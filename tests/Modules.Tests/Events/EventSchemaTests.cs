using Microsoft.Extensions.DependencyInjection;
using ModularShop.Messaging;
using ModularShop.Messaging.Schemas;

namespace Modules.Tests.Events;

/// <summary>The messages between the shop's modules, against docs/generated/events.</summary>
[Trait(RunOnly.Trait, RunOnly.Once)]
[Collection(Shop.Name)]
public sealed class EventSchemaTests(ShopFixture shop)
{
    private static readonly EventSnapshots Snapshots = new(Path.Combine(Repository.Root, "docs", "generated", "events"));

    private readonly IReadOnlyList<EventContract> _messages = EventContract.AllOf(shop.Services);

    [Fact]
    public void No_message_changes_so_that_a_consumer_breaks()
    {
        if (Snapshots.Check(_messages, write: false) is { } differences)
        {
            Assert.Fail(differences);
        }
    }

    [Fact]
    public void A_message_of_every_version_there_has_been_can_still_be_read()
    {
        var services = new ServiceCollection();
        services.AddUpcasters(_messages.Select(m => m.Type.Assembly).Distinct());
        foreach (var message in _messages)
        {
            services.AddSingleton(new Subscription("Everybody", message.Type));
        }

        using var provider = services.AddSingleton<MessageTypes>().BuildServiceProvider();
        if (Unreadable.Of(Snapshots, _messages, provider.GetRequiredService<MessageTypes>()) is { Count: > 0 } unreadable)
        {
            Assert.Fail(string.Join('\n', unreadable));
        }
    }

    [Fact]
    public void Every_message_of_every_module_is_looked_at_and_knows_its_publisher_and_consumers()
    {
        string[] modules = ["Catalog", "Customers", "Ordering", "Payments", "Shipping"];
        modules.ShouldBeSubsetOf(_messages.Select(m => m.Name.Split('.')[0]), StringComparer.Ordinal);
        _messages.ShouldAllBe(m => m.Publisher.Length > 0);
        var reserve = _messages.Single(m => m.Name == "Catalog.ReserveStock");
        reserve.Publisher.ShouldBe("Ordering");
        reserve.Consumers.ShouldBe(["Catalog"]);
        var delivered = _messages.Single(m => m.Name == "Shipping.ShipmentDelivered");
        delivered.Publisher.ShouldBe("Shipping");
        delivered.Consumers.ShouldBe(["Ordering", "Payments"]);
    }
}
