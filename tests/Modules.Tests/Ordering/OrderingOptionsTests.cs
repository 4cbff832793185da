using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Modules;
using ModularShop.Ordering;

namespace Modules.Tests.Ordering;

public sealed class OrderingOptionsTests
{
    [Theory]
    [InlineData("Ordering:Checkout:StockTimeoutSeconds", "0", "StockTimeoutSeconds must be 1 to 3600")]
    [InlineData("Ordering:Checkout:PaymentTimeoutSeconds", "3601", "PaymentTimeoutSeconds must be 1 to 3600")]
    [InlineData("Ordering:Checkout:ShipmentTimeoutSeconds", "-5", "ShipmentTimeoutSeconds must be 1 to 3600")]
    [InlineData("Ordering:Checkout:ReservationSeconds", "270", "ReservationSeconds must be more than the three timeouts")]
    [InlineData("Ordering:Carts:AbandonedAfterDays", "0", "AbandonedAfterDays must be 1 to 3650")]
    public void A_setting_out_of_range_stops_the_start_and_is_named(string key, string value, string message) =>
        Should.Throw<OptionsValidationException>(() => Start((key, value))).Message.ShouldContain(message);

    [Fact]
    public void The_defaults_start() => Should.NotThrow(() => Start());

    private static void Start(params (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, s.Value))).Build();
        var services = new ServiceCollection();
        new OrderingModule().AddServices(new ModuleBuilder(new OrderingModule(), services, configuration, new HostingEnvironment()));
        using var provider = services.AddSingleton<IConfiguration>(configuration).BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
    }
}
