using Microsoft.EntityFrameworkCore;
using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;
using ModularShop.Messaging;
using ModularShop.Modularity.Data;
using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;
using ModularShop.Payments.Domain;
using ModularShop.Payments.Infrastructure;
using ModularShop.Shipping.Domain;
using ModularShop.Shipping.Infrastructure;
using PaymentProviderSimulator;

namespace EndToEnd.Tests.Crashes;

/// <summary>
/// What every module has written down, compared with each other, with what the payment provider did and with what
/// clients were told.
/// </summary>
internal sealed class Books(TestDatabase database)
{
    /// <summary>The products with the most available pieces.</summary>
    public async Task<IReadOnlyList<string>> WellStockedAsync(int count)
    {
        await using var catalog = database.Open<CatalogDbContext>();
        return await catalog.Stock.OrderByDescending(s => s.OnHand - s.Reserved).ThenBy(s => s.Sku).Select(s => s.Sku).Take(count).ToListAsync();
    }

    /// <summary>The processes that hold the modules' leases, by the number that the system gave them.</summary>
    public async Task<IReadOnlyList<int>> HoldersAsync()
    {
        var holders = new List<int>();
        foreach (var context in database.OpenAll())
        {
            await using (context)
            {
                if (await context.Set<LeaseRow>().SingleOrDefaultAsync() is { } lease)
                {
                    holders.Add(int.Parse(lease.Holder.Split(':')[^2], System.Globalization.CultureInfo.InvariantCulture));
                }
            }
        }

        return holders;
    }

    /// <summary>The checkouts that are neither confirmed nor rejected, by their idempotency keys.</summary>
    public async Task<IReadOnlyList<string>> PlacedAsync()
    {
        await using var ordering = database.Open<OrderingDbContext>();
        return await ordering.Orders.Where(o => o.Status == OrderStatus.Placed).Select(o => o.CheckoutKey).ToListAsync();
    }

    /// <summary>No order goes on from where it is, and no message or call is on its way.</summary>
    private async Task<bool> AreSettledAsync()
    {
        await using var ordering = database.Open<OrderingDbContext>();
        await using var payments = database.Open<PaymentsDbContext>();
        await using var shipping = database.Open<ShippingDbContext>();
        return await ordering.Orders.AllAsync(o => o.Status == OrderStatus.Completed || o.Status == OrderStatus.Rejected)
            && await payments.Payments.AllAsync(p => p.PendingCall == null) && await shipping.Shipments.AllAsync(s => s.NextCallAt == null)
            && await MessagesAsync() is [];
    }

    /// <summary>Waits until all is settled, and fails with every discrepancy there is.</summary>
    /// <param name="mayBeRejected">Whether a checkout may have been given up, if it was undone.</param>
    public async Task ReconcileAsync(Rush rush, Ledger provider, bool mayBeRejected = false)
    {
        IReadOnlyList<string> wrong = [];
        try
        {
            await Eventually.TrueAsync(AreSettledAsync, "every order to come to its end", TimeSpan.FromMinutes(2) + (rush.Told.Count * TimeSpan.FromMilliseconds(100)));
            // A timer of an order that has long been completed may become due at any moment.
            await Eventually.TrueAsync(async () => (wrong = await DiscrepanciesAsync(rush.Told, provider, mayBeRejected)) is [], "everything to agree");
        }
        catch (ShouldAssertException)
        {
            wrong = await DiscrepanciesAsync(rush.Told, provider, mayBeRejected);
        }

        wrong.ShouldBeEmpty();
    }

    /// <summary>All that does not agree, in sentences; nothing where all is well.</summary>
    /// <param name="told">The order that a client was told for its idempotency key.</param>
    private async Task<IReadOnlyList<string>> DiscrepanciesAsync(IReadOnlyDictionary<string, Guid> told, Ledger provider, bool mayBeRejected)
    {
        await using var catalog = database.Open<CatalogDbContext>();
        await using var ordering = database.Open<OrderingDbContext>();
        await using var payments = database.Open<PaymentsDbContext>();
        await using var shipping = database.Open<ShippingDbContext>();
        var orders = await ordering.Orders.AsNoTracking().ToListAsync();
        var reservations = await catalog.Reservations.AsNoTracking().ToDictionaryAsync(r => r.Id);
        var paid = (await payments.Payments.AsNoTracking().ToListAsync()).ToLookup(p => p.OrderId);
        var invoices = (await payments.Invoices.AsNoTracking().ToListAsync()).ToLookup(i => i.OrderId);
        var shipments = (await shipping.Shipments.AsNoTracking().ToListAsync()).ToLookup(s => s.OrderId);
        var wrong = new List<string>(await MessagesAsync());

        foreach (var (key, id) in told)
        {
            var made = orders.Where(o => o.CheckoutKey == key).ToList();
            Expect(made.Count == 1 && made[0].Id == id, $"the client was told order {id} for key {key}; there are {string.Join(", ", made.Select(o => o.Id))}");
        }

        var undone = mayBeRejected ? orders.Where(o => o.Status is OrderStatus.Rejected).ToList() : [];
        foreach (var order in undone)
        {
            Expect(
                !reservations.TryGetValue(order.Id, out var reservation) || reservation.Status is ReservationStatus.Released or ReservationStatus.Expired,
                $"order {order.Id} is rejected and its reservation {reservation?.Status}");
            Expect(paid[order.Id].All(p => p.Status is PaymentStatus.Voided or PaymentStatus.Declined), $"order {order.Id} is rejected and its payment is not voided");
            Expect(paid[order.Id].SelectMany(p => provider.ChargesOf(p.Id)).All(c => c.Captured == 0), $"order {order.Id} is rejected and the provider has taken money for it");
            Expect(shipments[order.Id].All(s => s.Status is ShipmentStatus.Cancelled or ShipmentStatus.Refused), $"order {order.Id} is rejected and its shipment is not stopped");
            Expect(!invoices[order.Id].Any(), $"order {order.Id} is rejected and has an invoice");
        }

        var sales = orders.Except(undone).ToList();
        foreach (var order in sales)
        {
            Expect(order.Status is OrderStatus.Completed, $"order {order.Id} is {order.Status}: {order.Reason}");
            Expect(reservations.TryGetValue(order.Id, out var reservation), $"order {order.Id} has no reservation");
            Expect(reservation?.Status is ReservationStatus.Taken, $"the reservation of order {order.Id} is {reservation?.Status}");
            Expect(
                reservation is not null && Lines(reservation.Lines.Select(l => (l.Sku, l.Quantity))) == Lines(order.Lines.Select(l => (l.Sku, l.Quantity))),
                $"the reservation of order {order.Id} has other lines than the order");
            Expect(paid[order.Id].Count() == 1, $"order {order.Id} has {paid[order.Id].Count()} payments");
            Expect(shipments[order.Id].Count() == 1 && shipments[order.Id].All(s => s.Status is ShipmentStatus.Delivered), $"order {order.Id} has not one delivered shipment");
            Expect(invoices[order.Id].Count() == 1 && invoices[order.Id].All(i => i.Total == order.Total), $"order {order.Id} has not one invoice of its total");
            foreach (var payment in paid[order.Id])
            {
                Expect(payment.Status is PaymentStatus.Captured && payment.Captured == order.Total, $"the payment of order {order.Id} is {payment.Status} with {payment.Captured}");
                var charges = provider.ChargesOf(payment.Id);
                Expect(charges.Count == 1 && charges[0].Captured == order.Total.Amount, $"the provider charged order {order.Id} {charges.Count} times");
            }
        }

        foreach (var stock in await catalog.Stock.AsNoTracking().ToListAsync())
        {
            var moved = await catalog.Movements.Where(m => m.StockId == stock.Id).SumAsync(m => m.Quantity);
            var sold = sales.SelectMany(o => o.Lines).Where(l => l.Sku == stock.Sku).Sum(l => l.Quantity);
            var opening = await catalog.Movements.Where(m => m.StockId == stock.Id && m.Quantity > 0).SumAsync(m => m.Quantity);
            Expect(stock.OnHand == moved && stock.OnHand == opening - sold && stock.Reserved == 0,
                $"{stock.Sku}: {stock.OnHand} on hand, {stock.Reserved} reserved; {opening} came in, {sold} were sold, the movements say {moved}");
        }

        var numbers = invoices.SelectMany(i => i).Select(i => i.Number).ToList();
        Expect(numbers.Distinct(StringComparer.Ordinal).Count() == numbers.Count, "two invoices bear one number");
        return wrong;

        void Expect(bool holds, string otherwise)
        {
            if (!holds)
            {
                wrong.Add(otherwise);
            }
        }
    }

    private static string Lines(IEnumerable<(string Sku, int Quantity)> lines) =>
        string.Join(", ", lines.OrderBy(l => l.Sku, StringComparer.Ordinal).Select(l => $"{l.Quantity} {l.Sku}"));

    /// <summary>Messages that are not handled, or never will be. What a saga has scheduled for later is not among them.</summary>
    private async Task<IReadOnlyList<string>> MessagesAsync()
    {
        var left = new List<string>();
        foreach (var context in database.OpenAll())
        {
            await using (context)
            {
                var now = TimeProvider.System.GetUtcNow();
                var outbox = await context.Set<OutboxMessage>().CountAsync();
                var inbox = await context.Set<InboxMessage>().CountAsync(m => m.State == InboxState.Pending && m.DueAt <= now);
                var dead = await context.Set<InboxMessage>().CountAsync(m => m.State == InboxState.Dead);
                if (outbox + inbox + dead > 0)
                {
                    left.Add($"{context.Schema}: {outbox} messages in the outbox, {inbox} due in the inbox, {dead} dead letters");
                }
            }
        }

        return left;
    }
}
