using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Payments.Domain;
using ModularShop.Payments.Infrastructure;
using PaymentProviderSimulator;

namespace Modules.Tests.Payments;

[Collection(PaymentsCollection.Name)]
public sealed class PaymentHistoryTests(PaymentsShop shop)
{
    // What is about the asking, not about the payment.
    private static readonly string[] NotDerived = [nameof(Payment.Version), nameof(Payment.CallAttempts), nameof(Payment.NextCallAt)];

    [Fact]
    public async Task The_row_of_every_payment_is_what_its_events_come_to()
    {
        await shop.AuthorisedAsync();
        var refunded = await shop.CapturedAsync();
        await shop.VoidAsync(refunded);
        await shop.PaymentBecomesAsync(refunded, "refunded");
        var voided = await shop.AuthorisedAsync();
        await shop.VoidAsync(voided);
        await shop.PaymentBecomesAsync(voided, "voided");
        await shop.PaymentBecomesAsync(await shop.RequestPaymentAsync(TestCards.Declined), "declined");
        await shop.PaymentBecomesAsync(await shop.RequestPaymentAsync(TestCards.LateWebhook), "authorised");

        await using var scope = shop.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PaymentsDbContext>();
        var payments = await db.Payments.AsNoTracking().ToListAsync();
        payments.Count.ShouldBeGreaterThanOrEqualTo(5);
        var compared = db.Model.FindEntityType(typeof(Payment))!.GetProperties().Select(p => p.Name)
            .Concat([nameof(Payment.Amount), nameof(Payment.Captured), nameof(Payment.Refunded)]).Except(NotDerived, StringComparer.Ordinal).ToList();
        compared.IndexOf(nameof(Payment.Status)).ShouldBeGreaterThan(-1);
        foreach (var payment in payments)
        {
            var rebuilt = Payment.From(payment.Events);
            foreach (var property in compared.Select(name => typeof(Payment).GetProperty(name)!))
            {
                property.GetValue(payment).ShouldBe(property.GetValue(rebuilt), $"{property.Name} of {payment.OrderNumber}");
            }
        }
    }

    [Fact]
    public async Task A_row_that_somebody_changed_by_hand_is_not_believed()
    {
        var order = await shop.RequestPaymentAsync(TestCards.Declined);
        await shop.PaymentBecomesAsync(order, "declined");
        await using (var scope = shop.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<PaymentsDbContext>();
            var payment = await db.Payments.SingleAsync(p => p.OrderId == order.Id);
            db.Entry(payment).Property(p => p.Status).CurrentValue = PaymentStatus.Authorised;
            await db.SaveChangesAsync();
        }

        (await shop.PaymentAsync(order)).Text("status").ShouldBe("authorised");
        await shop.DeliveredAsync(order);

        var healed = await shop.PaymentAsync(order);
        healed.Text("status").ShouldBe("declined");
        healed.Steps().ShouldBe(["Requested", "Declined"]);
    }

    [Fact]
    public async Task Two_writers_cannot_append_the_same_event()
    {
        var order = await shop.AuthorisedAsync();
        await using var one = shop.Services.CreateAsyncScope();
        await using var other = shop.Services.CreateAsyncScope();
        var (dbOne, dbOther) = (one.ServiceProvider.GetRequiredService<PaymentsDbContext>(), other.ServiceProvider.GetRequiredService<PaymentsDbContext>());
        var first = await dbOne.PaymentOfOrderAsync(order.Id, CancellationToken.None);
        var second = await dbOther.PaymentOfOrderAsync(order.Id, CancellationToken.None);

        first!.Undo("first", shop.Clock.GetUtcNow());
        second!.RequestCapture(shop.Clock.GetUtcNow()).Error.ShouldBeNull();
        await dbOne.SaveChangesAsync();

        await Should.ThrowAsync<DbUpdateConcurrencyException>(() => dbOther.SaveChangesAsync());
        await shop.PaymentBecomesAsync(order, "voided");
    }
}
