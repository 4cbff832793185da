using System.Collections.Concurrent;
using ModularShop.Modularity.Data;
using ModularShop.Shipping.Domain;
using ModularShop.Shipping.Infrastructure.Carrier;

namespace Modules.Tests.Shipping;

/// <summary>Keeps books on every recipient's parcel, and behaves towards each as its test wants.</summary>
internal sealed class TestCarrier : ICarrier
{
    private readonly ConcurrentDictionary<string, Desk> _desks = new(StringComparer.Ordinal);

    public Desk For(TestOrder order) => For(order.Recipient);

    public async Task<BookingAnswer> BookAsync(Parcel parcel, CancellationToken cancellationToken)
    {
        var desk = For(parcel.Address.Recipient);
        desk.BookingCalls.Enqueue(parcel.TrackingNumber);
        await desk.AnswerAsync(cancellationToken);
        if (!desk.ServesAddress)
        {
            return BookingAnswer.AddressNotServed;
        }

        if (!desk.Cancelled.ContainsKey(parcel.TrackingNumber))
        {
            desk.Booked[parcel.TrackingNumber] = true;
        }

        return desk.LosesAnswers ? throw new CarrierUnavailableException("The answer was lost.") : BookingAnswer.Booked;
    }

    public async Task<CancellationAnswer> CancelAsync(Parcel parcel, CancellationToken cancellationToken)
    {
        var desk = For(parcel.Address.Recipient);
        desk.CancellationCalls.Enqueue(parcel.TrackingNumber);
        await desk.AnswerAsync(cancellationToken);
        if (desk.HasCollected)
        {
            return CancellationAnswer.TooLate;
        }

        desk.Cancelled[parcel.TrackingNumber] = true;
        desk.Booked.TryRemove(parcel.TrackingNumber, out _);
        return CancellationAnswer.Cancelled;
    }

    public async Task<IReadOnlyList<CarrierEvent>> TrackAsync(Parcel parcel, CancellationToken cancellationToken)
    {
        var desk = For(parcel.Address.Recipient);
        await desk.AnswerAsync(cancellationToken);
        return [.. desk.History];
    }

    private Desk For(string recipient) => _desks.GetOrAdd(recipient, _ => new Desk());

    internal sealed class Desk
    {
        private volatile TaskCompletionSource? _hold;

        public ConcurrentQueue<string> BookingCalls { get; } = new();

        public ConcurrentQueue<string> CancellationCalls { get; } = new();

        public ConcurrentDictionary<string, bool> Booked { get; } = new(StringComparer.Ordinal);

        public ConcurrentDictionary<string, bool> Cancelled { get; } = new(StringComparer.Ordinal);

        public ConcurrentQueue<CarrierEvent> History { get; } = new();

        public bool IsDown { get; set; }

        /// <summary>Books, and the answer never arrives.</summary>
        public bool LosesAnswers { get; set; }

        public bool ServesAddress { get; set; } = true;

        public bool HasCollected { get; set; }

        /// <summary>Calls wait until the result is disposed of.</summary>
        public IDisposable Hold()
        {
            _hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new Release(_hold);
        }

        public void Reports(ShipmentStatus status, DateTimeOffset at, string place = "Somewhere", string text = "It moved") =>
            History.Enqueue(new CarrierEvent(status, at, place, text));

        public async Task AnswerAsync(CancellationToken cancellationToken)
        {
            TransactionFlow.RefuseNetworkCall("the carrier of the tests");
            if (_hold is { } hold)
            {
                await hold.Task.WaitAsync(cancellationToken);
            }

            if (IsDown)
            {
                throw new CarrierUnavailableException("Down, as the test wants it.");
            }
        }

        private sealed class Release(TaskCompletionSource hold) : IDisposable
        {
            public void Dispose() => hold.TrySetResult();
        }
    }
}
