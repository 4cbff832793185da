using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Modules;
using ModularShop.Shipping;

namespace Modules.Tests.Shipping;

public sealed class CarrierOptionsTests
{
    [Theory]
    [InlineData("Url", "carrier", "Url must be an absolute")]
    [InlineData("Url", "ftp://carrier.example", "Url must be an absolute")]
    [InlineData("Url", "https://carrier.example", "ApiKey must be set")]
    [InlineData("TimeoutMilliseconds", "9", "TimeoutMilliseconds must be 10 to 60000")]
    [InlineData("Concurrency", "0", "Concurrency must be 1 to 64")]
    [InlineData("RetryBaseMilliseconds", "0", "RetryBaseMilliseconds must be 1 to 60000")]
    [InlineData("RetryMaxSeconds", "3601", "RetryMaxSeconds must be 1 to 3600")]
    [InlineData("GiveUpAfterSeconds", "0", "GiveUpAfterSeconds must be 1 to 86400")]
    [InlineData("BreakAfterCalls", "1", "BreakAfterCalls must be 2 to 10000")]
    [InlineData("BreakSeconds", "301", "BreakSeconds must be 1 to 300")]
    [InlineData("Simulate:StepSeconds", "0", "Simulate:StepSeconds must be 1 to 86400")]
    [InlineData("Simulate:DelayMilliseconds", "-1", "Simulate:DelayMilliseconds must be 0 to 60000")]
    public void A_bad_value_stops_the_start_and_is_named(string key, string value, string message) =>
        Should.Throw<OptionsValidationException>(() => Start("Development", (key, value))).Message.ShouldContain($"Shipping:Carrier: {message}");

    [Fact]
    public void A_carrier_is_real_or_simulated_and_not_both() =>
        Should.Throw<OptionsValidationException>(() => Start("Development", ("Url", "https://carrier.example"), ("ApiKey", "k"), ("Simulate:Enabled", "true")))
            .Message.ShouldContain("exclude each other");

    [Theory]
    [InlineData(null)]
    [InlineData("false")]
    public void Production_does_not_start_on_a_simulated_carrier_by_accident(string? enabled) =>
        Should.Throw<OptionsValidationException>(() => Start("Production", ("Simulate:Enabled", enabled))).Message.ShouldContain("Shipping:Carrier: Url must be set in Production");

    [Fact]
    public void Production_starts_on_a_simulated_carrier_on_purpose() => Should.NotThrow(() => Start("Production", ("Simulate:Enabled", "true")));

    [Fact]
    public void Production_starts_on_a_real_carrier() => Should.NotThrow(() => Start("Production", ("Url", "https://carrier.example/v1"), ("ApiKey", "k")));

    private static void Start(string environment, params (string Key, string? Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => $"Shipping:Carrier:{s.Key}", s => s.Value, StringComparer.Ordinal));
        builder.AddPlatform();
        builder.AddModules(new ShippingModule());
        using var services = builder.Services.BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
    }
}
