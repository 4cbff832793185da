using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModularShop.Modularity.Modules;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ModularShop.Modularity.Telemetry;

/// <summary>
/// Traces and metrics, sent by OTLP where <c>Telemetry:OtlpEndpoint</c> is set. The framework and HttpClient
/// emit their own; ours begin with <c>ModularShop.</c>
/// </summary>
internal static class ShopTelemetry
{
    public static void AddShopTelemetry(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        if (configuration["Telemetry:OtlpEndpoint"] is not { Length: > 0 } configured)
        {
            return;
        }

        if (!Uri.TryCreate(configured, UriKind.Absolute, out var endpoint))
        {
            throw new ConfigurationException($"Telemetry:OtlpEndpoint '{configured}' is no absolute URL, such as http://127.0.0.1:4317.");
        }

        services.AddHostedService(_ => new Exporter(endpoint, environment.ApplicationName));
    }

    private sealed class Exporter(Uri endpoint, string service) : IHostedService, IDisposable
    {
        private TracerProvider? _traces;
        private MeterProvider? _metrics;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            var resource = ResourceBuilder.CreateDefault().AddService(service);
            _traces = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource("ModularShop.*", "Microsoft.AspNetCore", "System.Net.Http", "Npgsql")
                .AddOtlpExporter(o => Configure(o, "/v1/traces"))
                .Build();
            _metrics = Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(resource)
                .AddMeter("ModularShop.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime")
                .AddOtlpExporter(o => Configure(o, "/v1/metrics"))
                .Build();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            _traces?.ForceFlush(5000);
            _metrics?.ForceFlush(5000);
            return Task.CompletedTask;
        }

        public void Dispose()
        {
            _traces?.Dispose();
            _metrics?.Dispose();
        }

        private void Configure(OtlpExporterOptions options, string path)
        {
            options.Protocol = OtlpExportProtocol.HttpProtobuf;
            options.Endpoint = new Uri(endpoint, path);
        }
    }
}
