using ModularShop.Ordering.Domain;
using ModularShop.Ordering.Infrastructure;

namespace ModularShop.Ordering.Features.GetCheckout;

internal sealed class GetCheckoutHandler(OrderingDbContext db) : IRequestHandler<GetCheckout, Result<CheckoutDetails>>
{
    public async Task<Result<CheckoutDetails>> Handle(GetCheckout query, CancellationToken cancellationToken) =>
        await db.Checkouts.AsNoTracking().SingleOrDefaultAsync(s => s.Id == query.OrderId, cancellationToken) is { } saga
            ? new CheckoutDetails(
                saga.Id, saga.State, saga.EndReason,
                [.. saga.Steps.OrderBy(s => s.Number).Select(s => new CheckoutStep(s.Number, Enum.Parse<CheckoutState>(s.State), s.At, s.Note, CheckoutNotes.UndoneBy(s.Note)))])
            : OrderQueries.NotFound(query.OrderId);
}
