using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Apis;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Examinations;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Peers;
using ModularShop.Modularity.Security;
using ModularShop.Ordering.Contracts;
using ModularShop.Payments.Contracts;
using ModularShop.Shipping.Contracts;

namespace ModularShop.Host.ShopOrders;

/// <summary><c>GET /api/v1/shop/orders/{orderId}</c>: three modules are asked at once, and two of them may fail.</summary>
internal static class ShopOrderEndpoint
{
    public static void AddShopOrders(this WebApplicationBuilder builder) => builder.Services.AddSettings<ShopOrderOptions>("ShopOrders")
        .Validate(o => o.PartSeconds is >= 0.05 and <= 30, "ShopOrders:PartSeconds must be 0.05 to 30.");

    public static void MapShopOrders(this WebApplication app) => app.MapGet("/api/v1/shop/orders/{orderId:guid}", HandleAsync)
        .WithName("Shop.GetOrder")
        .WithSummary("An order with its payment and its shipment; what cannot be had at the moment is null, and named in 'missing'")
        .WithTags("Shop")
        .Fails(ShopError.OrderNotFound, ModuleError.Unavailable)
        .ForCustomersAndOperators();

    private static async Task<Results<Ok<ShopOrder>, Failure>> HandleAsync(
        Guid orderId, ClaimsPrincipal user, IOrderingApi ordering, IPaymentsApi payments, IShippingApi shipping, IOptions<ShopOrderOptions> options,
        CancellationToken cancellationToken)
    {
        var limit = TimeSpan.FromSeconds(options.Value.PartSeconds);
        var order = AskAsync("order", token => ordering.GetOrderAsync(orderId, token), limit, cancellationToken);
        var payment = AskAsync("payment", token => payments.GetPaymentOfOrderAsync(orderId, token), limit, cancellationToken);
        var shipment = AskAsync("shipment", token => shipping.GetShipmentOfOrderAsync(orderId, token), limit, cancellationToken);
        // All of them, whatever the first says: the request's services must outlive what they are asked.
        await Task.WhenAll(order, payment, shipment);

        if ((await order).Missing is { } missing)
        {
            throw new ModuleUnavailableException("Ordering", missing.Reason is MissingReason.TooSlow ? ModuleUnavailableException.TooSlow : missing.Detail);
        }

        return (await order).Value is { } found && (user.IsInRole(Access.Operator) || found.CustomerId == user.CustomerId())
            ? TypedResults.Ok(new ShopOrder(found, (await payment).Value, (await shipment).Value, [.. new[] { (await payment).Missing, (await shipment).Missing }.OfType<MissingPart>()]))
            : new Failure(ShopError.OrderNotFound.Because($"There is no order {orderId}."));
    }

    private static async Task<Part<T>> AskAsync<T>(string name, Func<CancellationToken, Task<T?>> ask, TimeSpan limit, CancellationToken cancellationToken)
        where T : class
    {
        var limited = CancellationToken.None;
        try
        {
            return new Part<T>(await Deadline.WithinAsync(limit, token => ask(limited = token), cancellationToken), null);
        }
        catch (ModuleUnavailableException e)
        {
            return e.Reason == ModuleUnavailableException.TooSlow ? TooSlow() : Unavailable($"{e.Module} does not answer at the moment.");
        }
        catch (Exception) when (limited.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Whatever the database's client makes of a cancelled query.
            return TooSlow();
        }
        catch (Exception e) when (e.IsDatabaseUnavailable())
        {
            return Unavailable("Its database does not answer at the moment.");
        }

        Part<T> TooSlow() => new(null, new MissingPart(name, MissingReason.TooSlow, $"There was no answer within {limit.TotalSeconds} s."));

        Part<T> Unavailable(string detail) => new(null, new MissingPart(name, MissingReason.Unavailable, detail));
    }

    private sealed record Part<T>(T? Value, MissingPart? Missing);
}
