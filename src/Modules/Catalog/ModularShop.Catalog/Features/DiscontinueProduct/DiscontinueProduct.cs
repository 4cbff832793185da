namespace ModularShop.Catalog.Features.DiscontinueProduct;

internal sealed record DiscontinueProduct(string Sku) : ICommand<Result>;
