namespace ModularShop.Catalog.Contracts;

public sealed record ProductPriceChanged(string Sku, Money OldPrice, Money NewPrice) : IIntegrationEvent;

public sealed record ProductDiscontinued(string Sku) : IIntegrationEvent;
