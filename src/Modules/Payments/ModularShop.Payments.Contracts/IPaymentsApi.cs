namespace ModularShop.Payments.Contracts;

/// <summary>What other modules may ask about payments.</summary>
public interface IPaymentsApi
{
    /// <summary>Null where no payment was ever asked for.</summary>
    Task<PaymentSummary?> GetPaymentOfOrderAsync(Guid orderId, CancellationToken cancellationToken);
}

public sealed record PaymentSummary(Guid PaymentId, Guid OrderId, string Status, Money Amount);
