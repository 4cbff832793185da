using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ModularShop.Payments.Contracts;
using ModularShop.Payments.Domain;
using PaymentProviderSimulator;

namespace Modules.Tests.Payments;

[Collection(PaymentsCollection.Name)]
public sealed class WebhookTests(PaymentsShop shop)
{
    private const string Signature = "Provider-Signature";
    private static readonly Uri Webhook = new("/api/v1/payments/webhooks/provider", UriKind.Relative);

    [Fact]
    public async Task A_signed_result_decides_a_pending_authorisation()
    {
        var (order, id) = await PendingAsync();

        await PostAsync(Event(id, "evt-1", "authorisation.declined", reason: "insufficient_funds")).ShouldHaveStatusAsync(204);

        (await shop.PaymentBecomesAsync(order, "declined")).Text("declineReason").ShouldBe("insufficient_funds");
        (await shop.PublishedAsync<PaymentDeclined>(m => m.OrderId == order.Id)).Reason.ShouldBe("insufficient_funds");
    }

    [Fact]
    public async Task A_forged_webhook_is_refused_and_changes_nothing()
    {
        var (order, id) = await PendingAsync();
        var body = Event(id, "evt-1", "authorisation.declined");
        var now = shop.Clock.GetUtcNow();
        var right = ProviderSimulator.Sign(body, PaymentsShop.WebhookSecret, now);
        foreach (var signature in new[]
        {
            null, "", "nonsense", "t=,v1=", right + "0", right[..^1], right.Replace("v1=", "v0="), right.Replace(",", ";"),
            ProviderSimulator.Sign(body, "another-secret-of-16", now),
            ProviderSimulator.Sign(Event(id, "evt-1", "authorisation.approved"), PaymentsShop.WebhookSecret, now),
            ProviderSimulator.Sign(body, PaymentsShop.WebhookSecret, now.AddMinutes(-6)),
            ProviderSimulator.Sign(body, PaymentsShop.WebhookSecret, now.AddMinutes(6)),
            $"t={now.AddSeconds(1).ToUnixTimeSeconds()}{right[right.IndexOf(',')..]}",
            $"t=9999999999999999999{right[right.IndexOf(',')..]}",
            $"t=-1{right[right.IndexOf(',')..]}",
        })
        {
            await PostAsync(body, signature).ShouldFailAsync(401, "payments.signature_invalid");
        }

        (await shop.PaymentAsync(order)).Steps().ShouldBe(["Requested", "AuthorisationPending"]);
    }

    [Fact]
    public async Task A_webhook_replayed_changes_nothing()
    {
        var (order, id) = await PendingAsync();
        var body = Event(id, "evt-1", "authorisation.approved");
        var signature = ProviderSimulator.Sign(body, PaymentsShop.WebhookSecret, shop.Clock.GetUtcNow());
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostAsync(body, signature).ShouldHaveStatusAsync(204)));
        await shop.PaymentBecomesAsync(order, "authorised");
        await shop.VoidAsync(order);
        await shop.PaymentBecomesAsync(order, "voided");

        await PostAsync(body, signature).ShouldHaveStatusAsync(204);
        await PostAsync(Event(id, "evt-2", "authorisation.approved")).ShouldHaveStatusAsync(204);
        await shop.SettledAsync();

        (await shop.PaymentAsync(order)).Steps().ShouldBe(["Requested", "AuthorisationPending", "Authorised", "VoidRequested", "Voided"]);
        shop.Published<PaymentAuthorised>(m => m.OrderId == order.Id).Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_event_is_kept_for_as_long_as_it_may_be_repeated_and_one_that_comes_even_later_changes_nothing()
    {
        var (order, id) = await PendingAsync();
        await PostAsync(Event(id, "evt-1", "authorisation.approved")).ShouldHaveStatusAsync(204);
        await shop.PaymentBecomesAsync(order, "authorised");
        shop.Clock.Advance(TimeSpan.FromDays(29));
        await shop.RunJobAsync("Payments", "PurgeProviderEvents");
        (await IsKnownAsync()).ShouldBeTrue();

        shop.Clock.Advance(TimeSpan.FromDays(2));
        await shop.RunJobAsync("Payments", "PurgeProviderEvents");
        (await IsKnownAsync()).ShouldBeFalse();

        await PostAsync(Event(id, "evt-1", "authorisation.approved")).ShouldHaveStatusAsync(204);
        await shop.SettledAsync();
        (await shop.PaymentAsync(order)).Steps().Count(s => s == "Authorised").ShouldBe(1);
        shop.Published<PaymentAuthorised>(m => m.OrderId == order.Id).Count.ShouldBe(1);

        Task<bool> IsKnownAsync() => shop.ReadAsync("Payments", db => db.Set<ProviderEvent>().AnyAsync(e => e.MerchantReference == id));
    }

    [Fact]
    public async Task A_yes_to_a_payment_that_was_declined_is_undone_at_the_provider()
    {
        var order = await shop.RequestPaymentAsync(TestCards.Declined);
        await shop.PaymentBecomesAsync(order, "declined");
        var id = await shop.PaymentIdAsync(order);

        await PostAsync(Event(id, $"evt-{id}", "authorisation.approved", reference: "au_late")).ShouldHaveStatusAsync(204);

        await Eventually.TrueAsync(() => Task.FromResult(shop.Provider.CallsOf(id, "void").Count == 1), "a void");
        (await shop.PaymentBecomesAsync(order, "declined")).Steps().ShouldBe(["Requested", "Declined", "AuthorisedTooLate", "Voided"]);
    }

    [Fact]
    public async Task What_does_not_concern_the_shop_is_acknowledged()
    {
        await PostAsync(Event(Guid.CreateVersion7(), "evt-other", "authorisation.approved")).ShouldHaveStatusAsync(204);
        await PostAsync(Event(Guid.CreateVersion7(), "evt-other", "dispute.opened")).ShouldHaveStatusAsync(204);
    }

    [Theory]
    [InlineData("{", "request.malformed")]
    [InlineData("null", "request.malformed")]
    [InlineData("[]", "request.malformed")]
    [InlineData("""{"id":1,"type":"authorisation.approved","merchantReference":"x"}""", "request.malformed")]
    [InlineData("""{"id":"","type":"authorisation.approved","merchantReference":"0190a3c5-0000-7000-8000-000000000000","reference":"a"}""", "request.invalid")]
    [InlineData("""{"id":"e","type":"authorisation.approved","merchantReference":"0190a3c5-0000-7000-8000-000000000000"}""", "request.invalid")]
    public async Task A_signed_body_that_is_no_event_is_refused(string body, string code) =>
        await PostAsync(Encoding.UTF8.GetBytes(body)).ShouldFailAsync(400, code);

    [Fact]
    public async Task A_body_longer_than_any_event_is_not_read()
    {
        await PostAsync(new byte[1_000_000]).ShouldFailAsync(413, "payments.webhook_too_large");
    }

    private static byte[] Event(Guid paymentId, string id, string type, string? reference = "auth_late", string? reason = null) =>
        JsonSerializer.SerializeToUtf8Bytes(new { id = $"{id}-{paymentId}", type, merchantReference = paymentId, reference, reason, livemode = false });

    /// <summary>An authorisation that the provider has answered with "later".</summary>
    private async Task<(TestOrder Order, Guid PaymentId)> PendingAsync()
    {
        var order = PaymentScenarios.NewOrder();
        shop.Provider.AnswerLater(order.Number);
        await shop.RequestPaymentAsync(order: order);
        await Eventually.TrueAsync(async () => (await shop.PaymentAsync(order)).Text("status") == "authorising", "the provider to answer 'later'");
        return (order, await shop.PaymentIdAsync(order));
    }

    private Task<HttpResponseMessage> PostAsync(byte[] body) => PostAsync(body, ProviderSimulator.Sign(body, PaymentsShop.WebhookSecret, shop.Clock.GetUtcNow()));

    private async Task<HttpResponseMessage> PostAsync(byte[] body, string? signature)
    {
        using var provider = shop.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Post, Webhook) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        if (signature is not null)
        {
            request.Headers.TryAddWithoutValidation(Signature, signature);
        }

        return await provider.SendAsync(request);
    }
}
