using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Payments.Domain;
using ModularShop.Payments.Infrastructure;
using ModularShop.Payments.Infrastructure.Provider;

namespace ModularShop.Payments.Features.CallProvider;

/// <summary>Carries out what payments want of the provider: the only place that asks it about money.</summary>
/// <remarks>
/// :: Step 1 picks payments whose call is due, as many as may run at the same time; one that hangs does not hold up the
/// others. :: Step 2 asks, outside any transaction, with the key of the intent. :: Step 3 records the answer in a save of
/// its own, on the payment as it is by then.
/// </remarks>
internal sealed class CallProvider(
    IServiceScopeFactory scopes, ProviderPipeline pipeline, IOptions<ProviderOptions> provider, IOptions<AuthorisationOptions> authorisation,
    TimeProvider time, ILogger<CallProvider> logger)
    : IModuleWorker
{
    private const int SaveAttempts = 20;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    private readonly TimeSpan _longestWait = new[] { provider.Value.BackoffMaximum * 1.2, authorisation.Value.PendingRecheck }.Max();
    private readonly PaymentTerms _terms = new(authorisation.Value.Lifetime, authorisation.Value.PendingRecheck);

    public async Task<bool> RunOnceAsync(HeldLease lease, CancellationToken cancellationToken)
    {
        var running = new Dictionary<Guid, Task>();
        var worked = false;
        try
        {
            do
            {
                // :: Step 1
                foreach (var id in await DueAsync(running.Keys, pipeline.Admits(provider.Value.Parallel, running.Count), cancellationToken))
                {
                    running[id] = CallAsync(id, cancellationToken);
                    worked = true;
                }

                if (running.Count > 0)
                {
                    await Task.WhenAny([.. running.Values, Task.Delay(LookAgain, time, cancellationToken)]);
                }

                foreach (var (id, call) in running.Where(r => r.Value.IsCompleted).ToList())
                {
                    running.Remove(id);
                    await call;
                }
            }
            while (running.Count > 0);
        }
        finally
        {
            await Task.WhenAll(running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return worked;
    }

    private async Task<IReadOnlyList<Guid>> DueAsync(IReadOnlyCollection<Guid> running, int wanted, CancellationToken cancellationToken)
    {
        if (wanted <= 0)
        {
            return [];
        }

        await using var scope = scopes.CreateAsyncScope();
        var now = time.GetUtcNow();
        // What seems to be due later than anything ever is was put off before the clock went back.
        var never = now + _longestWait;
        var due = scope.ServiceProvider.GetRequiredService<PaymentsDbContext>().Payments.AsNoTracking()
            .Where(p => p.PendingCall != null && (p.NextCallAt <= now || p.NextCallAt > never));
        due = running.Count == 0 ? due : due.Where(p => !running.Contains(p.Id));
        return await due.OrderBy(p => p.NextCallAt).Select(p => p.Id).Take(wanted).ToListAsync(cancellationToken);
    }

    private async Task CallAsync(Guid paymentId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PaymentsDbContext>();
        if (await db.PaymentAsync(p => p.Id == paymentId, cancellationToken) is not { PendingCall: { } kind } payment)
        {
            return;
        }

        var call = new ProviderCall(payment.Id, kind, payment.CallNumber);
        db.ChangeTracker.Clear();

        // :: Step 2
        var asked = scope.ServiceProvider.GetRequiredService<IPaymentProvider>();
        var answer = await pipeline.CallAsync(token => AskAsync(asked, payment, kind, token), cancellationToken);
        if (answer is not null)
        {
            // :: Step 3. A crash before this save: the intent is still there, the next holder asks with the same key and gets
            // the same answer. After it: the answer and the messages about it are in the database.
            await RecordAsync(db, call, answer, cancellationToken);
        }
    }

    private static Task<ProviderAnswer> AskAsync(IPaymentProvider provider, Payment payment, ProviderCallKind kind, CancellationToken cancellationToken)
    {
        var key = payment.KeyOf(payment.CallNumber);
        var amount = new Money(payment.CallAmount, payment.Amount.Currency);
        return kind switch
        {
            ProviderCallKind.Authorise =>
                provider.AuthoriseAsync(key, new AuthoriseCall(payment.Id, payment.OrderNumber, payment.CardToken, payment.Amount), cancellationToken),
            ProviderCallKind.Capture => provider.CaptureAsync(key, payment.ProviderReference!, amount, cancellationToken),
            ProviderCallKind.Void => provider.VoidAsync(key, payment.AuthorisationKey, cancellationToken),
            _ => provider.RefundAsync(key, payment.ProviderReference!, amount, cancellationToken),
        };
    }

    /// <summary>
    /// Without asking whether the lease is still held: a process that lost it records an answer that is true all the same,
    /// and where the new holder was faster, the version or the number of the event conflicts and the payment takes the
    /// answer for one that came twice.
    /// </summary>
    private async Task RecordAsync(PaymentsDbContext db, ProviderCall call, ProviderAnswer answer, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var payment = (await db.PaymentAsync(p => p.Id == call.PaymentId, cancellationToken))!;
            Take(payment, call, answer);
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                break;
            }
            catch (DbUpdateException e) when (e.IsLostRace() && attempt < SaveAttempts)
            {
                db.ChangeTracker.Clear();
            }
        }
    }

    private void Take(Payment payment, ProviderCall call, ProviderAnswer answer)
    {
        var now = time.GetUtcNow();
        var why = answer switch
        {
            ProviderAnswer.Unknown unknown => unknown.Why,
            ProviderAnswer.Pending when call.Kind is not ProviderCallKind.Authorise => "the provider is still working on it",
            _ => null,
        };
        if (why is not null)
        {
            var wait = Backoff(payment.CallAttempts);
            payment.Unanswered(call, wait, now);
            Log.Unanswered(logger, call.Kind.ToString(), payment.OrderNumber, why, payment.CallAttempts, wait);
            return;
        }

        payment.Answered(call, answer, _terms, now);
        if (answer is ProviderAnswer.Declined declined && call.Kind is not ProviderCallKind.Authorise)
        {
            Log.Refused(logger, call.Kind.ToString(), payment.OrderNumber, declined.Reason);
        }
    }

    private TimeSpan Backoff(int attemptsBefore)
    {
        var wait = provider.Value.BackoffWait * Math.Pow(2, Math.Min(attemptsBefore, 20));
        wait = wait < provider.Value.BackoffMaximum ? wait : provider.Value.BackoffMaximum;
        return wait * (0.8 + (Random.Shared.NextDouble() * 0.4));
    }
}
