namespace ModularShop.Payments.Domain;

/// <summary>
/// The company that moves the money. Every call bears an idempotency key: the same key again is the same call,
/// and gets the answer of the first. Called by nobody inside a transaction.
/// </summary>
internal interface IPaymentProvider
{
    /// <summary>Exchanges a card for a token; <see cref="ProviderAnswer.Approved.Reference"/> is the token.</summary>
    Task<ProviderAnswer> TokeniseAsync(string key, CardDetails card, CancellationToken cancellationToken);

    Task<ProviderAnswer> AuthoriseAsync(string key, AuthoriseCall call, CancellationToken cancellationToken);

    Task<ProviderAnswer> CaptureAsync(string key, string reference, Money amount, CancellationToken cancellationToken);

    /// <summary>
    /// Undoes the authorisation that was, or may have been, asked for with <paramref name="authorisationKey"/>.
    /// Where the provider has not seen that key it refuses it from now on: a call that is still on its way holds nothing.
    /// </summary>
    Task<ProviderAnswer> VoidAsync(string key, string authorisationKey, CancellationToken cancellationToken);

    Task<ProviderAnswer> RefundAsync(string key, string reference, Money amount, CancellationToken cancellationToken);
}

/// <param name="MerchantReference">Our name for it, which the provider's webhooks repeat: the payment's id.</param>
internal sealed record AuthoriseCall(Guid MerchantReference, string OrderNumber, string CardToken, Money Amount);

/// <summary>A card on its way to the provider. Never stored, never logged: its text shows nothing of it.</summary>
internal sealed record CardDetails(string Number, int ExpiryMonth, int ExpiryYear, string Cvc)
{
    public override string ToString() => "a card";
}

/// <summary>What became of a call.</summary>
internal abstract record ProviderAnswer
{
    private ProviderAnswer()
    {
    }

    /// <summary>Done.</summary>
    internal sealed record Approved(string Reference) : ProviderAnswer;

    /// <summary>Refused for good; the same call would be refused again.</summary>
    internal sealed record Declined(string Reason) : ProviderAnswer;

    /// <summary>Taken; the result comes by webhook, or by asking again with the same key.</summary>
    internal sealed record Pending(string Reference) : ProviderAnswer;

    /// <summary>No answer: it may have been done or not. Ask again with the same key.</summary>
    internal sealed record Unknown(string Why) : ProviderAnswer;
}
