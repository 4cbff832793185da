using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Modules;
using ModularShop.Payments;

namespace Modules.Tests.Payments;

public sealed class StartTests
{
    private const string Complete = "Url=https://pay.example;ApiKey=k;WebhookSecret=0123456789abcdef";

    [Fact]
    public void In_production_the_shop_does_not_start_without_a_provider() =>
        Should.Throw<OptionsValidationException>(() => Validate("Production", "")).Message.ShouldContain("Payments:Provider: Url is not set");

    [Theory]
    [InlineData("Production", "Simulate=true")]
    [InlineData("Production", Complete)]
    [InlineData("Development", "")]
    public void It_starts_with_a_provider_or_where_no_real_money_is_meant_to_move(string environment, string provider) => Validate(environment, provider);

    [Theory]
    [InlineData("Url=pay.example;ApiKey=k;WebhookSecret=0123456789abcdef", "Url must be")]
    [InlineData("Url=ftp://pay.example;ApiKey=k;WebhookSecret=0123456789abcdef", "Url must be")]
    [InlineData("Url=https://pay.example;WebhookSecret=0123456789abcdef", "ApiKey")]
    [InlineData("Url=https://pay.example;ApiKey=k", "WebhookSecret")]
    [InlineData("WebhookSecret=short", "WebhookSecret")]
    [InlineData("WebhookTolerance=00:00:00", "WebhookTolerance")]
    [InlineData("EventRetention=00:00:00", "EventRetention")]
    [InlineData("SimulatedWebhookDelay=02:00:00", "SimulatedWebhookDelay")]
    [InlineData("Timeout=00:00:00", "Timeout")]
    [InlineData("Timeout=00:02:00", "Timeout")]
    [InlineData("Retries=-1", "Retries")]
    [InlineData("RetryWait=-00:00:01", "RetryWait")]
    [InlineData("BackoffWait=00:00:00", "BackoffWait")]
    [InlineData("BackoffMaximum=00:00:00.500", "BackoffMaximum")]
    [InlineData("Parallel=0", "Parallel")]
    [InlineData("BreakerCalls=1", "BreakerCalls")]
    [InlineData("BreakerWindow=00:00:00.1", "BreakerWindow")]
    [InlineData("BreakerPause=10:00:00", "BreakerPause")]
    [InlineData("../Authorisation:Lifetime=00:00:01", "Payments:Authorisation: Lifetime")]
    [InlineData("../Authorisation:MaximumWait=2.00:00:00", "Payments:Authorisation: MaximumWait")]
    [InlineData("../Authorisation:PendingRecheck=00:00:00", "Payments:Authorisation: PendingRecheck")]
    public void A_value_out_of_range_stops_the_start_and_is_named(string setting, string named) =>
        Should.Throw<OptionsValidationException>(() => Validate("Development", setting)).Message.ShouldContain(named);

    private static void Validate(string environment, string settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split('=', 2))
            .Select(s => new KeyValuePair<string, string?>($"Payments:Provider:{s[0]}".Replace("Provider:../", "", StringComparison.Ordinal), s[1])));
        builder.AddModules(new PaymentsModule());
        using var services = builder.Services.BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
    }
}
