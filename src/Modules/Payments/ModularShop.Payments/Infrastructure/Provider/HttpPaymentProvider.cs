using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ModularShop.Payments.Domain;

namespace ModularShop.Payments.Infrastructure.Provider;

/// <summary>
/// A provider behind an HTTP API. Only what the provider says in a body it documents is an answer; everything
/// else, a refused key of ours included, leaves the outcome unknown, and the call is made again.
/// </summary>
internal sealed class HttpPaymentProvider(HttpClient client) : IPaymentProvider
{
    private const string KeyHeader = "Idempotency-Key";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public Task<ProviderAnswer> TokeniseAsync(string key, CardDetails card, CancellationToken cancellationToken) =>
        SendAsync("tokens", key, new { card.Number, card.ExpiryMonth, card.ExpiryYear, card.Cvc }, cancellationToken);

    public Task<ProviderAnswer> AuthoriseAsync(string key, AuthoriseCall call, CancellationToken cancellationToken) =>
        SendAsync("authorisations", key, new { call.MerchantReference, description = call.OrderNumber, token = call.CardToken, call.Amount.Amount, call.Amount.Currency }, cancellationToken);

    public Task<ProviderAnswer> CaptureAsync(string key, string reference, Money amount, CancellationToken cancellationToken) =>
        SendAsync("captures", key, new { authorisation = reference, amount.Amount, amount.Currency }, cancellationToken);

    public Task<ProviderAnswer> VoidAsync(string key, string authorisationKey, CancellationToken cancellationToken) =>
        SendAsync("voids", key, new { authorisationKey }, cancellationToken);

    public Task<ProviderAnswer> RefundAsync(string key, string reference, Money amount, CancellationToken cancellationToken) =>
        SendAsync("refunds", key, new { authorisation = reference, amount.Amount, amount.Currency }, cancellationToken);

    private async Task<ProviderAnswer> SendAsync(string path, string key, object body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = JsonContent.Create(body, options: Json) };
        request.Headers.Add(KeyHeader, key);
        using var response = await client.SendAsync(request, cancellationToken);
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity))
        {
            return new ProviderAnswer.Unknown($"HTTP {(int)response.StatusCode} from {path}");
        }

        try
        {
            return await response.Content.ReadFromJsonAsync<Reply>(Json, cancellationToken) switch
            {
                { Status: "approved", Reference: { Length: > 0 and <= Payment.MaxCodeLength } reference } => new ProviderAnswer.Approved(reference),
                { Status: "pending", Reference: { Length: > 0 and <= Payment.MaxCodeLength } reference } => new ProviderAnswer.Pending(reference),
                { Status: "declined", Reason: { Length: > 0 and <= Payment.MaxCodeLength } reason } => new ProviderAnswer.Declined(reason),
                _ => new ProviderAnswer.Unknown($"an answer from {path} that is none of those documented"),
            };
        }
        catch (JsonException)
        {
            return new ProviderAnswer.Unknown($"an answer from {path} that cannot be read");
        }
    }

    private sealed record Reply(string? Status, string? Reference, string? Reason);
}
