using ModularShop.Ordering.Domain;

namespace ModularShop.Ordering.Features.GetCheckout;

internal sealed record GetCheckout(Guid OrderId) : IQuery<Result<CheckoutDetails>>;

internal sealed record CheckoutDetails(Guid OrderId, CheckoutState State, string? EndReason, IReadOnlyList<CheckoutStep> Steps);

/// <param name="Undone">What it took back of what was done before.</param>
internal sealed record CheckoutStep(int Number, CheckoutState State, DateTimeOffset At, string Note, IReadOnlyList<Compensation> Undone);
