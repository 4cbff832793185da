using ModularShop.Payments.Contracts;

namespace ModularShop.Payments.Domain;

/// <summary>How long things may take; see the options of the same names.</summary>
internal sealed record PaymentTerms(TimeSpan AuthorisationLifetime, TimeSpan PendingRecheck);

/// <summary>A question to the provider as the worker asked it.</summary>
internal sealed record ProviderCall(Guid PaymentId, ProviderCallKind Kind, int Number);

/// <summary>The money of one order: held, then taken or let go. It decides; what is so is the sum of its events.</summary>
internal sealed partial class Payment : AggregateRoot
{
    public const int MaxCodeLength = 100;

    private const int AuthoriseNumber = 1;

    /// <summary>Nothing has been taken, and nobody has said no.</summary>
    private bool IsOpen => Status is PaymentStatus.Requested or PaymentStatus.Authorising or PaymentStatus.Authorised;

    public string KeyOf(int callNumber) => $"{Id:N}-{callNumber}";

    public string AuthorisationKey => KeyOf(AuthoriseNumber);

    public static Payment Request(AuthorisePayment command, DateTimeOffset now)
    {
        var payment = new Payment();
        payment.Record(new PaymentFact.Requested(command.OrderId, command.OrderNumber, command.CustomerId, command.Amount, command.CardToken), now);
        return payment;
    }

    /// <summary>Declined by the shop itself: the provider is not asked.</summary>
    public void Decline(string reason, DateTimeOffset now)
    {
        Record(new PaymentFact.Declined(reason), now);
        Publish(new PaymentDeclined(OrderId, Id, reason));
    }

    /// <summary>The order was cancelled before its payment was asked for: there is nothing to undo.</summary>
    public void CancelUnasked(string reason, DateTimeOffset now)
    {
        Record(new PaymentFact.VoidRequested(reason), now);
        Record(new PaymentFact.Voided(), now);
        Publish(new PaymentVoided(OrderId, Id));
    }

    /// <summary>
    /// Undoes whatever has become of it. What the provider is being asked at this moment is answered first; the
    /// undoing follows the answer.
    /// </summary>
    public void Undo(string reason, DateTimeOffset now)
    {
        if ((!IsOpen && Status is not PaymentStatus.Captured) || (VoidReason is not null && PendingCall is not null))
        {
            return;
        }

        Record(new PaymentFact.VoidRequested(reason.Length > MaxCodeLength ? reason[..MaxCodeLength] : reason), now);
        if (Status is PaymentStatus.Captured && PendingCall is null)
        {
            RefundTheRest(now);
        }
    }

    public Result Void(string reason, DateTimeOffset now)
    {
        if (Status is PaymentStatus.Captured or PaymentStatus.Refunded || PendingCall is ProviderCallKind.Capture)
        {
            return PaymentsError.AlreadyCaptured.Because($"The payment of order {OrderNumber} is captured, or about to be; refund it instead.");
        }

        if (Status is PaymentStatus.Declined or PaymentStatus.Expired)
        {
            return PaymentsError.NotAuthorised.Because($"The payment of order {OrderNumber} is {Name(Status)}: nothing is held that could be voided.");
        }

        Undo(reason, now);
        return Result.Ok;
    }

    public Result RequestCapture(DateTimeOffset now)
    {
        if (Status is PaymentStatus.Captured or PaymentStatus.Refunded || PendingCall is ProviderCallKind.Capture)
        {
            return Result.Ok;
        }

        if (Status is not PaymentStatus.Authorised || VoidReason is not null)
        {
            return PaymentsError.NotAuthorised.Because(
                $"The payment of order {OrderNumber} is {(VoidReason is null ? Name(Status) : "voided or about to be")}; only an authorised payment can be captured.");
        }

        Record(new PaymentFact.CaptureRequested(), now);
        return Result.Ok;
    }

    public Result RequestRefund(string key, Money amount, string reason, DateTimeOffset now)
    {
        if (_events.Select(e => e.Fact).OfType<PaymentFact.RefundRequested>().FirstOrDefault(f => f.Key == key) is { } before)
        {
            return before.Amount == amount && before.Reason == reason
                ? Result.Ok
                : PaymentsError.IdempotencyKeyReused.Because($"The idempotency key was used for a refund of {before.Amount} before; take a new key for another refund.");
        }

        if (Status is not (PaymentStatus.Captured or PaymentStatus.Refunded))
        {
            return PaymentsError.NotCaptured.Because($"The payment of order {OrderNumber} is {Name(Status)}; only what is captured can be refunded. An authorisation can be voided.");
        }

        if (amount.Currency != Captured.Currency)
        {
            return PaymentsError.CurrencyChanged.Because($"Order {OrderNumber} was paid in {Captured.Currency}; it is refunded in the same currency.");
        }

        if (PendingCall is not null)
        {
            return PaymentsError.BusyWithProvider.Because($"Another refund of order {OrderNumber} is on its way to the provider; try again when it is done.");
        }

        if (amount > Refundable)
        {
            return PaymentsError.RefundExceedsCaptured.Because($"{amount} is more than is left of order {OrderNumber}: {Captured} captured, {Refunded} refunded, {Refundable} left.");
        }

        Record(new PaymentFact.RefundRequested(key, amount, reason), now);
        return Result.Ok;
    }

    /// <summary>The card holder's bank holds the amount no longer; the provider is told, in case it still does.</summary>
    public bool Expire(DateTimeOffset now)
    {
        if (Status is not PaymentStatus.Authorised || PendingCall is not null || ExpiresAt > now)
        {
            return false;
        }

        Record(new PaymentFact.Expired(), now);
        Publish(new PaymentAuthorisationExpired(OrderId, Id));
        return true;
    }

    /// <summary>No answer since <paramref name="oldest"/>: the order need not wait any longer.</summary>
    public bool GiveUp(DateTimeOffset oldest, DateTimeOffset now)
    {
        if (PendingCall is not ProviderCallKind.Authorise || RequestedAt > oldest)
        {
            return false;
        }

        const string reason = "provider_unavailable";
        Record(new PaymentFact.GivenUp(reason), now);
        Publish(new PaymentDeclined(OrderId, Id, reason));
        return true;
    }

    /// <summary>The provider did not answer; it is asked again, with the same key.</summary>
    public void Unanswered(ProviderCall call, TimeSpan wait, DateTimeOffset now)
    {
        if (IsPending(call))
        {
            CallAttempts++;
            NextCallAt = now + wait;
        }
    }

    /// <summary>
    /// Takes an answer, whenever it comes: to the question that is open, to one that is settled (an answer that
    /// comes twice changes nothing), or a yes to an authorisation that nobody wants any more.
    /// </summary>
    public void Answered(ProviderCall call, ProviderAnswer answer, PaymentTerms terms, DateTimeOffset now)
    {
        if (!IsPending(call))
        {
            if (call.Kind is ProviderCallKind.Authorise && answer is ProviderAnswer.Approved late)
            {
                ApprovedLate(late.Reference, now);
            }

            return;
        }

        switch (call.Kind, answer)
        {
            case (ProviderCallKind.Authorise, ProviderAnswer.Approved approved):
                Record(new PaymentFact.Authorised(approved.Reference, Micro(now + terms.AuthorisationLifetime)), now);
                Publish(new PaymentAuthorised(OrderId, Id, Amount));
                break;
            case (ProviderCallKind.Authorise, ProviderAnswer.Declined declined):
                Decline(declined.Reason, now);
                break;
            case (ProviderCallKind.Authorise, ProviderAnswer.Pending pending):
                if (Status is PaymentStatus.Requested)
                {
                    Record(new PaymentFact.AuthorisationPending(pending.Reference), now);
                }

                NextCallAt = now + terms.PendingRecheck;
                break;
            case (ProviderCallKind.Capture, ProviderAnswer.Approved approved):
                Record(new PaymentFact.Captured(Amount, approved.Reference), now);
                Publish(new PaymentCaptured(OrderId, Id, Captured));
                RefundUnwanted(now);
                break;
            case (ProviderCallKind.Capture, ProviderAnswer.Declined declined):
                Record(new PaymentFact.CaptureDeclined(declined.Reason), now);
                break;
            case (ProviderCallKind.Void, ProviderAnswer.Approved):
                ConfirmVoid(now);
                break;
            case (ProviderCallKind.Void, ProviderAnswer.Declined declined):
                Record(new PaymentFact.VoidDeclined(declined.Reason), now);
                break;
            case (ProviderCallKind.Refund, ProviderAnswer.Approved approved):
                var amount = new Money(CallAmount, Amount.Currency);
                Record(new PaymentFact.Refunded(amount, approved.Reference), now);
                Publish(new PaymentRefunded(OrderId, Id, amount));
                RefundUnwanted(now);
                break;
            case (ProviderCallKind.Refund, ProviderAnswer.Declined declined):
                Record(new PaymentFact.RefundDeclined(declined.Reason), now);
                break;
            default:
                throw new InvalidOperationException($"{answer} is no answer to {call.Kind}.");
        }
    }

    /// <summary>The question that authorises it, for an answer that comes by webhook.</summary>
    public ProviderCall AuthoriseCall => new(Id, ProviderCallKind.Authorise, AuthoriseNumber);

    public static string Name(PaymentStatus status) => status.ToString().ToLowerInvariant();

    private bool IsPending(ProviderCall call) => PendingCall == call.Kind && CallNumber == call.Number;

    private void ApprovedLate(string reference, DateTimeOffset now)
    {
        var unwanted = PendingCall is ProviderCallKind.Void || Status is PaymentStatus.Declined or PaymentStatus.Voided or PaymentStatus.Expired;
        if (unwanted && ProviderReference != reference)
        {
            Record(new PaymentFact.AuthorisedTooLate(reference), now);
        }
    }

    private void ConfirmVoid(DateTimeOffset now)
    {
        var wasOpen = IsOpen;
        Record(new PaymentFact.Voided(), now);
        if (wasOpen)
        {
            Publish(new PaymentVoided(OrderId, Id));
        }
    }

    private void RefundUnwanted(DateTimeOffset now)
    {
        if (VoidReason is not null && Refundable.Amount > 0)
        {
            RefundTheRest(now);
        }
    }

    private void RefundTheRest(DateTimeOffset now) => Record(new PaymentFact.RefundRequested($"undo-{_events.Count + 1}", Refundable, VoidReason!), now);

    private void Record(PaymentFact fact, DateTimeOffset now)
    {
        var e = PaymentEvent.Of(Id, _events.Count + 1, fact, Micro(now));
        _events.Add(e);
        Apply(e);
    }

    /// <summary>As precise as the store, so that what is read back equals what was written.</summary>
    private static DateTimeOffset Micro(DateTimeOffset instant) => new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
