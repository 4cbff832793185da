namespace ModularShop.TestKit;

/// <summary>Clients of a shop, wherever and in how many processes it runs.</summary>
public interface IShopClients
{
    /// <summary>A client that is nobody.</summary>
    HttpClient Anonymous();

    HttpClient Operator();

    /// <summary>A client with a customer's token; the customer needs no account for most of what the shop does.</summary>
    HttpClient Customer(Guid? id = null);

    /// <summary>A client with any token.</summary>
    HttpClient With(string accessToken);
}
