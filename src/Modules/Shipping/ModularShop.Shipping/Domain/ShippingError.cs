namespace ModularShop.Shipping.Domain;

/// <summary>Everything that can be expected to go wrong in shipping.</summary>
internal enum ShippingError
{
    [Status(404)] ShipmentNotFound,
    [Status(404)] RateNotFound,
    [Status(409)] AlreadyDispatched,
    [Status(409)] ShipmentFinished,
    [Status(422)] UnknownCountry,
    [Status(422)] CountryNotServed,
    [Status(422)] ParcelTooHeavy,
    [Status(422)] UnsupportedCurrency,
}
