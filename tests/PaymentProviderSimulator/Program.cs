using PaymentProviderSimulator;

// A payment provider to point a shop at: dotnet run --project tests/PaymentProviderSimulator -- --Url http://127.0.0.1:5090
//   --ApiKey … --WebhookSecret … --WebhookUrl http://localhost:5080/api/v1/payments/webhooks/provider
var configuration = new ConfigurationBuilder().AddEnvironmentVariables("SIMULATOR_").AddCommandLine(args).Build();
await using var simulator = await ProviderSimulator.StartAsync(new SimulatorOptions
{
    Url = configuration["Url"] ?? "http://127.0.0.1:5090",
    ApiKey = configuration["ApiKey"] ?? "simulator-key",
    WebhookSecret = configuration["WebhookSecret"] ?? "simulator-webhook-secret",
    WebhookUrl = configuration["WebhookUrl"] is { } url ? new Uri(url) : null,
    WebhookDelay = TimeSpan.FromSeconds(2),
});
Console.WriteLine($"Payment provider simulator at {simulator.Url}. Stop with Ctrl+C.");
await simulator.StoppedAsync();
