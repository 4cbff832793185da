namespace ModularShop.Catalog.Features.ReinstateProduct;

internal sealed record ReinstateProduct(string Sku) : ICommand<Result>;
