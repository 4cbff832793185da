namespace ModularShop.Payments.Features.CapturePayment;

internal sealed record CapturePayment(Guid OrderId) : ICommand<Result>;
