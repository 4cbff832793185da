namespace ModularShop.Catalog.Domain;

/// <summary>Everything that can be expected to go wrong in the catalogue.</summary>
internal enum CatalogError
{
    [Status(404)] ProductNotFound,
    [Status(404)] CategoryNotFound,
    [Status(409)] SkuTaken,
    [Status(409)] ProductDiscontinued,
    [Status(422)] CurrencyChanged,
}
