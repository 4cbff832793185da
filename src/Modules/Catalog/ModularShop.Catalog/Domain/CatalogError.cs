namespace ModularShop.Catalog.Domain;

/// <summary>Everything that can be expected to go wrong in the catalogue.</summary>
internal enum CatalogError
{
    [Status(404)] ProductNotFound,
    [Status(404)] CategoryNotFound,
    [Status(409)] SkuTaken,
    [Status(409)] CategoryExists,
    [Status(409)] ProductDiscontinued,
    [Status(409)] StockOutOfRange,
    [Status(412)] ProductChanged,
    [Status(422)] CurrencyChanged,
    [Status(422)] UnknownCategory,
    [Status(422)] CategoryTooDeep,
    [Status(422)] IdempotencyKeyReused,
    [Status(422)] ImportHeader,
}
