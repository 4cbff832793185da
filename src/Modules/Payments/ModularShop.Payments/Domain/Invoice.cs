using ModularShop.Payments.Contracts;

namespace ModularShop.Payments.Domain;

/// <summary>The bill of what was captured. Issued once, never changed.</summary>
internal sealed class Invoice : AggregateRoot
{
    public required string Number { get; init; }

    public Guid PaymentId { get; init; }

    public Guid OrderId { get; init; }

    public required string OrderNumber { get; init; }

    public Guid CustomerId { get; init; }

    public Money Total { get; init; }

    public DateTimeOffset CapturedAt { get; init; }

    public DateTimeOffset IssuedAt { get; init; }

    public static Invoice Issue(Payment payment, InvoiceNumbers numbers, DateTimeOffset now)
    {
        var invoice = new Invoice
        {
            Number = numbers.Next(),
            PaymentId = payment.Id,
            OrderId = payment.OrderId,
            OrderNumber = payment.OrderNumber,
            CustomerId = payment.CustomerId,
            Total = payment.Captured,
            CapturedAt = payment.CapturedAt ?? now,
            IssuedAt = now,
        };
        invoice.Publish(new InvoiceIssued(invoice.OrderId, invoice.CustomerId, invoice.Number, invoice.Total, invoice.IssuedAt));
        return invoice;
    }
}

/// <summary>
/// The invoice numbers of one year. A number is taken in the transaction that issues its invoice, so none is
/// missing and none is given twice.
/// </summary>
internal sealed class InvoiceNumbers : AggregateRoot
{
    public int Year { get; private init; }

    public int Last { get; private set; }

    public static InvoiceNumbers Of(int year) => new() { Year = year };

    public string Next() => $"INV-{Year:D4}-{++Last:D6}";
}
