using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ModularShop.Payments.Domain;

namespace ModularShop.Payments.Infrastructure.Mappings;

internal sealed class InvoiceMapping : IEntityTypeConfiguration<Invoice>, IEntityTypeConfiguration<InvoiceNumbers>
{
    public void Configure(EntityTypeBuilder<Invoice> invoice)
    {
        invoice.ToTable("invoices");
        invoice.Property(i => i.Number).HasMaxLength(20);
        invoice.Property(i => i.OrderNumber).HasMaxLength(40);
        invoice.HasIndex(i => i.Number).IsUnique();
        invoice.HasIndex(i => i.PaymentId).IsUnique();
        invoice.HasIndex(i => new { i.CustomerId, i.IssuedAt, i.Number });
    }

    public void Configure(EntityTypeBuilder<InvoiceNumbers> numbers)
    {
        numbers.ToTable("invoice_numbers");
        numbers.HasIndex(n => n.Year).IsUnique();
    }
}
