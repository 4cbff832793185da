using ModularShop.Catalog.Contracts;

namespace ModularShop.Catalog.Domain;

internal enum ReservationStatus
{
    Held,
    Taken,
    Refused,
    Released,
    Expired,
}

/// <summary>The stock that one order holds; its id is the order's.</summary>
internal sealed class Reservation : AggregateRoot
{
    private readonly List<ReservationLine> _lines = [];

    public ReservationStatus Status { get; private set; }

    public DateTimeOffset ExpiresAt { get; private init; }

    public IReadOnlyList<ReservationLine> Lines => _lines;

    /// <summary>Sets all lines aside, or none.</summary>
    public static Reservation Make(ReserveStock command, IReadOnlyDictionary<string, StockItem> stock)
    {
        var reservation = new Reservation { Id = command.OrderId, ExpiresAt = command.ExpiresAt };
        var wanted = command.Lines.GroupBy(l => Domain.Sku.Normalise(l.Sku), StringComparer.Ordinal)
            .Select(g => new StockLine(g.Key, g.Sum(l => l.Quantity))).ToList();
        var shortages = wanted
            .Where(l => (stock.TryGetValue(l.Sku, out var item) ? item.Available : 0) < l.Quantity)
            .Select(l => new StockShortage(l.Sku, l.Quantity, stock.TryGetValue(l.Sku, out var item) ? item.Available : 0))
            .ToList();
        if (shortages.Count > 0)
        {
            reservation.Status = ReservationStatus.Refused;
            reservation.Publish(new StockReservationRefused(command.OrderId, shortages));
            return reservation;
        }

        foreach (var line in wanted)
        {
            stock[line.Sku].Reserve(line.Quantity);
            reservation._lines.Add(new ReservationLine { ReservationId = reservation.Id, Sku = line.Sku, Quantity = line.Quantity });
        }

        reservation.Publish(new StockReserved(command.OrderId, command.ExpiresAt));
        return reservation;
    }

    /// <summary>The order is confirmed: the pieces are its own.</summary>
    public void Take(IReadOnlyDictionary<string, StockItem> stock)
    {
        if (Status is not ReservationStatus.Held)
        {
            return;
        }

        Status = ReservationStatus.Taken;
        foreach (var line in _lines)
        {
            stock[line.Sku].Take(line.Quantity);
        }
    }

    public void Release(IReadOnlyDictionary<string, StockItem> stock)
    {
        foreach (var line in _lines)
        {
            if (Status is ReservationStatus.Held)
            {
                stock[line.Sku].Release(line.Quantity);
            }
            else if (Status is ReservationStatus.Taken)
            {
                stock[line.Sku].Return(line.Quantity);
            }
        }

        Status = Status is ReservationStatus.Held or ReservationStatus.Taken ? ReservationStatus.Released : Status;
    }

    public void Expire(IReadOnlyDictionary<string, StockItem> stock)
    {
        if (Status is ReservationStatus.Held)
        {
            Release(stock);
            Status = ReservationStatus.Expired;
            Publish(new StockReservationExpired(Id));
        }
    }
}

internal sealed class ReservationLine
{
    public Guid ReservationId { get; init; }

    public required string Sku { get; init; }

    public int Quantity { get; init; }
}
