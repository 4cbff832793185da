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

    /// <summary>Sets all lines aside, or none. A product that is not in <paramref name="stock"/> has nothing available.</summary>
    public static Reservation Make(ReserveStock command, IReadOnlyDictionary<string, StockItem> stock)
    {
        var reservation = new Reservation { Id = command.OrderId, ExpiresAt = command.ExpiresAt };
        var wanted = command.Lines.GroupBy(l => Sku.Normalise(l.Sku), StringComparer.Ordinal)
            .Select(g => (Sku: g.Key, Quantity: g.Sum(l => (long)l.Quantity), IsSensible: g.All(l => l.Quantity > 0)))
            .ToList();
        var shortages = wanted
            .Where(w => !w.IsSensible || w.Quantity > Available(w.Sku))
            .Select(w => new StockShortage(w.Sku, (int)Math.Clamp(w.Quantity, int.MinValue, int.MaxValue), Available(w.Sku)))
            .ToList();
        if (shortages.Count > 0 || wanted.Count == 0)
        {
            reservation.Status = ReservationStatus.Refused;
            reservation.Publish(new StockReservationRefused(command.OrderId, shortages));
            return reservation;
        }

        foreach (var (sku, quantity, _) in wanted)
        {
            stock[sku].Reserve((int)quantity);
            reservation._lines.Add(new ReservationLine { ReservationId = reservation.Id, Sku = sku, Quantity = (int)quantity });
        }

        reservation.Publish(new StockReserved(command.OrderId, command.ExpiresAt));
        return reservation;

        int Available(string sku) => stock.TryGetValue(sku, out var item) ? item.Available : 0;
    }

    /// <summary>
    /// The order asks again: it has what it has. What it was refused or has given back, it does not get under
    /// the same id, so that a late request cannot hold stock for an order that is over.
    /// </summary>
    public void AnswerAgain() => Publish(Status is ReservationStatus.Held or ReservationStatus.Taken
        ? new StockReserved(Id, ExpiresAt)
        : new StockReservationRefused(Id, []));

    /// <summary>
    /// The order is confirmed: the pieces are its own. False where the reservation had expired and somebody else
    /// has got the pieces since.
    /// </summary>
    public bool Take(IReadOnlyDictionary<string, StockItem> stock, DateTimeOffset at)
    {
        if (Status is ReservationStatus.Expired)
        {
            if (_lines.Exists(l => stock[l.Sku].Available < l.Quantity))
            {
                return false;
            }

            _lines.ForEach(l => stock[l.Sku].Reserve(l.Quantity));
            Status = ReservationStatus.Held;
        }

        if (Status is ReservationStatus.Held)
        {
            _lines.ForEach(l => stock[l.Sku].Take(l.Quantity, Id, at));
            Status = ReservationStatus.Taken;
        }

        return true;
    }

    /// <summary>What is held is available again, what was taken returns; nothing happens where neither is so.</summary>
    public void Release(IReadOnlyDictionary<string, StockItem> stock, DateTimeOffset at)
    {
        switch (Status)
        {
            case ReservationStatus.Held:
                _lines.ForEach(l => stock[l.Sku].Release(l.Quantity));
                Status = ReservationStatus.Released;
                break;
            case ReservationStatus.Taken:
                _lines.ForEach(l => stock[l.Sku].Return(l.Quantity, Id, at));
                Status = ReservationStatus.Released;
                break;
        }
    }

    public void Expire(IReadOnlyDictionary<string, StockItem> stock)
    {
        if (Status is ReservationStatus.Held)
        {
            _lines.ForEach(l => stock[l.Sku].Release(l.Quantity));
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
