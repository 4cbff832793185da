using System.Net.Http.Headers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ModularShop.Payments.Contracts;
using ModularShop.Payments.Domain;
using ModularShop.Payments.Features.CallProvider;
using ModularShop.Payments.Features.CapturePayment;
using ModularShop.Payments.Features.DeliverSimulatedWebhooks;
using ModularShop.Payments.Features.ExpireAuthorisations;
using ModularShop.Payments.Features.GetInvoice;
using ModularShop.Payments.Features.GetPayment;
using ModularShop.Payments.Features.GiveUpAuthorisations;
using ModularShop.Payments.Features.ListInvoices;
using ModularShop.Payments.Features.ListPayments;
using ModularShop.Payments.Features.PurgeProviderEvents;
using ModularShop.Payments.Features.ReceiveProviderEvent;
using ModularShop.Payments.Features.RefundPayment;
using ModularShop.Payments.Features.TokeniseCard;
using ModularShop.Payments.Features.VoidAuthorisation;
using ModularShop.Payments.Infrastructure;
using ModularShop.Payments.Infrastructure.Provider;

namespace ModularShop.Payments;

/// <summary>Payments and invoices.</summary>
public sealed class PaymentsModule : IModule
{
    public string Name => "Payments";

    public void AddServices(ModuleBuilder module)
    {
        module.AddDatabase<PaymentsDbContext>().AddMessaging<PaymentsDbContext>();
        module.AddOptions("Provider", ProviderOptions.Rules(module.Environment.IsProduction()));
        module.AddOptions("Authorisation", AuthorisationOptions.Rules);
        module.AddWorker<CallProvider>();
        module.AddWorker<DeliverSimulatedWebhooks>();
        module.AddRecurringJob<ExpireAuthorisations>("ExpireAuthorisations", TimeSpan.FromMinutes(1));
        module.AddRecurringJob<GiveUpAuthorisations>("GiveUpAuthorisations", TimeSpan.FromSeconds(5));
        module.AddRecurringJob<PurgeProviderEvents>("PurgeProviderEvents", TimeSpan.FromHours(1));
        module.AddApi<IPaymentsApi, PaymentsApi>();
        AddProvider(module.Services);
    }

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
        TokeniseCardEndpoint.Map(api);
        GetPaymentEndpoint.Map(api);
        ListPaymentsEndpoint.Map(api);
        CapturePaymentEndpoint.Map(api);
        VoidAuthorisationEndpoint.Map(api);
        RefundPaymentEndpoint.Map(api);
        GetInvoiceEndpoint.Map(api);
        ListInvoicesEndpoint.Map(api);
        ReceiveProviderEventEndpoint.Map(api);
    }

    private static void AddProvider(IServiceCollection services)
    {
        services.AddSingleton<ProviderPipeline>();
        services.AddSingleton<SimulatedProvider>();
        services.AddHttpClient<HttpPaymentProvider>((provider, client) =>
        {
            var options = provider.GetRequiredService<IOptions<ProviderOptions>>().Value;
            client.BaseAddress = new Uri(options.Url!.TrimEnd('/') + "/");
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiKey);
            client.Timeout = Timeout.InfiniteTimeSpan; // the pipeline limits every attempt
            client.MaxResponseContentBufferSize = 64 * 1024;
        });
        services.AddTransient<IPaymentProvider>(provider => provider.GetRequiredService<IOptions<ProviderOptions>>().Value.Url is null
            ? provider.GetRequiredService<SimulatedProvider>()
            : provider.GetRequiredService<HttpPaymentProvider>());
    }
}
