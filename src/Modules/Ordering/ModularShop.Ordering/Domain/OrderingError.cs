namespace ModularShop.Ordering.Domain;

/// <summary>Everything that can be expected to go wrong with carts and orders.</summary>
internal enum OrderingError
{
    [Status(404)] CartNotFound,
    [Status(409)] CartClosed,
    [Status(409)] CartEmpty,
    [Status(409)] CartFull,

    /// <summary>A line has another quantity than who changes it has seen.</summary>
    [Status(409)] LineChanged,

    [Status(409)] CurrencyMixed,
    [Status(404)] ProductNotFound,
    [Status(409)] ProductDiscontinued,
    [Status(409)] PriceChanged,
    [Status(409)] TotalChanged,
    [Status(404)] AddressNotFound,
    [Status(422)] AddressMissing,
    [Status(422)] ServiceNotAvailable,
    [Status(422)] IdempotencyKeyReused,
    [Status(404)] OrderNotFound,
    [Status(409)] OrderNotCancellable,
}
