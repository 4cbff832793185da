using ModularShop.Shipping.Contracts;
using ModularShop.Shipping.Features.AdvanceShipments;
using ModularShop.Shipping.Features.BookShipments;
using ModularShop.Shipping.Features.ChangeRate;
using ModularShop.Shipping.Features.GetRates;
using ModularShop.Shipping.Features.GetShipment;
using ModularShop.Shipping.Features.ListRates;
using ModularShop.Shipping.Features.ListShipments;
using ModularShop.Shipping.Features.StopShipment;
using ModularShop.Shipping.Features.TrackParcel;
using ModularShop.Shipping.Infrastructure;
using ModularShop.Shipping.Infrastructure.Carrier;
using ModularShop.Shipping.Infrastructure.Seed;

namespace ModularShop.Shipping;

/// <summary>Rates, shipments and their tracking.</summary>
public sealed class ShippingModule : IModule
{
    public string Name => "Shipping";

    public void AddServices(ModuleBuilder module)
    {
        module.AddDatabase<ShippingDbContext>().AddMessaging<ShippingDbContext>();
        module.AddWorker<BookShipments>();
        module.AddRecurringJob<AdvanceShipments>("AdvanceShipments", TimeSpan.FromSeconds(2));
        module.AddCarrier();
        module.Services.AddKeyedScoped<IModuleSeed, ReferenceData>(module.Name);
        module.Services.AddKeyedScoped<IWarmUp, ShippingWarmUp>(module.Name);
        module.Services.AddScoped<Tariff>();
        module.AddApi<IShippingApi, ShippingApi>();
    }

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
        GetRatesEndpoint.Map(api);
        ListRatesEndpoint.Map(api);
        ChangeRateEndpoint.Map(api);
        GetShipmentEndpoint.Map(api);
        TrackParcelEndpoint.Map(api);
        ListShipmentsEndpoint.Map(api);
        StopShipmentEndpoint.Map(api);
    }
}
