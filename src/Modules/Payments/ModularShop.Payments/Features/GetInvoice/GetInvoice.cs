namespace ModularShop.Payments.Features.GetInvoice;

/// <param name="CustomerId">Whose invoice it must be; null: anybody's.</param>
internal sealed record GetInvoice(string Number, Guid? CustomerId) : IQuery<Result<InvoiceDetails>>;

internal sealed record InvoiceDetails(string Number, Guid OrderId, string OrderNumber, Guid CustomerId, Money Total, DateTimeOffset CapturedAt, DateTimeOffset IssuedAt);
