namespace ModularShop.Payments.Features;

internal static class PaymentAccepted
{
    /// <summary>Recorded; the provider is asked next, and the payment at Location says what came of it.</summary>
    public static Results<Accepted, Failure> ToAccepted(this Result result, Guid orderId) =>
        result.Error is { } error ? new Failure(error) : TypedResults.Accepted($"/api/v1/payments/payments/{orderId}");
}
