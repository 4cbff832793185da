namespace ModularShop.Ordering.Contracts;

/// <summary>What other modules may ask about orders.</summary>
public interface IOrderingApi
{
    /// <summary>Null where there is no such order.</summary>
    Task<OrderSummary?> GetOrderAsync(Guid orderId, CancellationToken cancellationToken);
}

public sealed record OrderSummary(Guid OrderId, string Number, Guid CustomerId, string Status, Money Total, DateTimeOffset PlacedAt);
