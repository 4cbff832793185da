namespace ModularShop.Customers.Contracts;

/// <summary>What other modules may ask about customers.</summary>
public interface ICustomersApi
{
    /// <summary>One of the customer's own addresses; null where the customer has none of that id.</summary>
    Task<PostalAddress?> GetAddressAsync(Guid customerId, Guid addressId, CancellationToken cancellationToken);
}
