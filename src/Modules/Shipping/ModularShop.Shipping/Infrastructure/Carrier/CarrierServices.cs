using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ModularShop.Shipping.Domain;

namespace ModularShop.Shipping.Infrastructure.Carrier;

internal static class CarrierServices
{
    public static void AddCarrier(this ModuleBuilder module)
    {
        var isProduction = module.Environment.IsProduction();
        module.AddOptions<CarrierOptions>(
            "Carrier",
            (o => o.Url is null || (o.Url.IsAbsoluteUri && o.Url.Scheme is "http" or "https"), "Url must be an absolute http or https address, such as https://carrier.example/v1/."),
            (o => o.Url is null || !string.IsNullOrWhiteSpace(o.ApiKey), "ApiKey must be set where Url is."),
            (o => o.Url is null || o.Simulate.Enabled is not true, "Url and Simulate:Enabled=true exclude each other: a parcel is carried or simulated."),
            (o => !isProduction || o.Url is not null || o.Simulate.Enabled is true, "Url must be set in Production, or Simulate:Enabled=true for a shop that sends nothing."),
            (o => o.TimeoutMilliseconds is >= 10 and <= 60_000, "TimeoutMilliseconds must be 10 to 60000."),
            (o => o.Concurrency is >= 1 and <= 64, "Concurrency must be 1 to 64."),
            (o => o.RetryBaseMilliseconds is >= 1 and <= 60_000, "RetryBaseMilliseconds must be 1 to 60000."),
            (o => o.RetryMaxSeconds is >= 1 and <= 3600, "RetryMaxSeconds must be 1 to 3600."),
            (o => o.GiveUpAfterSeconds is >= 1 and <= 86_400, "GiveUpAfterSeconds must be 1 to 86400."),
            (o => o.BreakAfterCalls is >= 2 and <= 10_000, "BreakAfterCalls must be 2 to 10000."),
            (o => o.BreakSeconds is >= 1 and <= 300, "BreakSeconds must be 1 to 300."),
            (o => o.Simulate.StepSeconds is >= 1 and <= 86_400, "Simulate:StepSeconds must be 1 to 86400."),
            (o => o.Simulate.DelayMilliseconds is >= 0 and <= 60_000, "Simulate:DelayMilliseconds must be 0 to 60000."));
        module.Services.AddHttpClient<HttpCarrier>((services, client) =>
        {
            var options = services.GetRequiredService<IOptions<CarrierOptions>>().Value;
            client.BaseAddress = options.Url is { } url ? new Uri(url.AbsoluteUri.TrimEnd('/') + "/") : null;
            client.DefaultRequestHeaders.Authorization = new("Bearer", options.ApiKey);
            // CarrierCalls gives up first; this is for a call that does not heed its cancellation.
            client.Timeout = TimeSpan.FromMilliseconds(options.TimeoutMilliseconds + 1000);
            client.MaxResponseContentBufferSize = 1024 * 1024;
        });
        module.Services.AddTransient<SimulatedCarrier>();
        module.Services.AddTransient<ICarrier>(services => services.GetRequiredService<IOptions<CarrierOptions>>().Value.Url is null
            ? services.GetRequiredService<SimulatedCarrier>()
            : services.GetRequiredService<HttpCarrier>());
        module.Services.AddSingleton<CarrierCalls>();
    }
}
