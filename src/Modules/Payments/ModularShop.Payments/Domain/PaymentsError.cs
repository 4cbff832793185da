namespace ModularShop.Payments.Domain;

/// <summary>Everything that can be expected to go wrong with payments.</summary>
internal enum PaymentsError
{
    [Status(404)] PaymentNotFound,
    [Status(404)] InvoiceNotFound,
    [Status(409)] NotAuthorised,
    [Status(409)] NotCaptured,
    [Status(409)] AlreadyCaptured,
    [Status(409)] BusyWithProvider,
    [Status(409)] IdempotencyKeyReused,
    [Status(422)] RefundExceedsCaptured,
    [Status(422)] CurrencyChanged,
    [Status(422)] CardRefused,
    [Status(401)] SignatureInvalid,
    [Status(413)] WebhookTooLarge,
    [Status(503)] ProviderUnavailable,
}
