using ModularShop.Payments.Domain;
using ModularShop.Payments.Infrastructure;

namespace ModularShop.Payments.Features.VoidAuthorisation;

internal sealed class VoidAuthorisationHandler(PaymentsDbContext db, TimeProvider time) : IRequestHandler<VoidAuthorisation, Result>
{
    public async Task<Result> Handle(VoidAuthorisation command, CancellationToken cancellationToken) =>
        await db.PaymentOfOrderAsync(command.OrderId, cancellationToken) is { } payment
            ? payment.Void("operator", time.GetUtcNow())
            : PaymentsError.PaymentNotFound.Because($"There is no payment of an order {command.OrderId}.");
}
