using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Payments.Contracts;
using ModularShop.Payments.Infrastructure.Provider;
using PaymentProviderSimulator;

namespace Modules.Tests.Payments;

/// <summary>A shop whose provider is a program of its own, reached over HTTP.</summary>
public sealed class HttpProviderShop : ShopFixture
{
    private const string Secret = "a-secret-of-the-tests";

    private ProviderSimulator? _simulator;

    public ProviderSimulator Simulator => _simulator!;

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Payments:Provider:Url", Simulator.Url.ToString()),
        new("Payments:Provider:ApiKey", "simulator-key"),
        new("Payments:Provider:WebhookSecret", Secret),
        new("Payments:Provider:Timeout", "00:00:03"),
        new("Payments:Provider:Retries", "2"),
        new("Payments:Provider:RetryWait", "00:00:00.005"),
        new("Payments:Provider:BackoffWait", "00:00:00.020"),
        new("Payments:Provider:BackoffMaximum", "00:00:00.100"),
        new("Payments:Provider:BreakerCalls", "6"),
        new("Payments:Provider:BreakerPause", "00:05:00"),
        new("Payments:Authorisation:MaximumWait", "01:00:00"),
    ];

    public override async Task InitializeAsync()
    {
        _simulator = await ProviderSimulator.StartAsync(new SimulatorOptions
        {
            WebhookSecret = Secret, WebhookUrl = new Uri("http://localhost/api/v1/payments/webhooks/provider"), Time = Clock,
        });
        _simulator.Post = async request =>
        {
            using var client = Anonymous();
            return await client.SendAsync(request);
        };
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Simulator.DisposeAsync();
    }
}

[Trait(RunOnly.Trait, RunOnly.Once)]
public sealed class HttpProviderTests(HttpProviderShop shop) : IClassFixture<HttpProviderShop>
{
    private ProviderPipeline Pipeline => shop.Services.GetRequiredService<ProviderPipeline>();

    [Theory]
    [InlineData(TestCards.Approved, "authorised")]
    [InlineData(TestCards.Declined, "declined")]
    [InlineData(TestCards.InsufficientFunds, "declined")]
    [InlineData(TestCards.Timeout, "authorised")]
    [InlineData(TestCards.Duplicate, "authorised")]
    public async Task Every_test_card_does_over_http_what_it_does_in_process(string card, string status)
    {
        var order = await shop.RequestPaymentAsync(card);

        await shop.PaymentBecomesAsync(order, status);
        (await shop.Simulator.SendWebhooksAsync()).ShouldAllBe(s => s == HttpStatusCode.NoContent);
        await shop.SettledAsync();
        (await shop.PaymentAsync(order)).Text("status").ShouldBe(status);
        shop.Simulator.Ledger.ChargesOf(await shop.PaymentIdAsync(order)).Count.ShouldBe(status == "authorised" ? 1 : 0);
        shop.Published<PaymentAuthorised>(m => m.OrderId == order.Id).Count.ShouldBe(status == "authorised" ? 1 : 0);
    }

    [Fact]
    public async Task A_late_result_comes_by_a_signed_webhook()
    {
        var order = await shop.RequestPaymentAsync(TestCards.LateWebhook);
        await Eventually.TrueAsync(async () => (await shop.PaymentAsync(order)).Text("status") == "authorising", "the provider to answer 'later'");

        (await shop.Simulator.SendWebhooksAsync()).ShouldBe([HttpStatusCode.NoContent]);

        await shop.PaymentBecomesAsync(order, "authorised");
    }

    [Fact]
    public async Task A_payment_is_captured_refunded_and_voided_over_http()
    {
        var order = await shop.CapturedAsync();
        await shop.VoidAsync(order);
        await shop.PaymentBecomesAsync(order, "refunded");
        var charge = shop.Simulator.Ledger.ChargesOf(await shop.PaymentIdAsync(order)).ShouldHaveSingleItem();
        charge.Captured.ShouldBe(order.Amount.Amount);
        charge.Refunds.Values.Sum().ShouldBe(order.Amount.Amount);

        var voided = await shop.AuthorisedAsync();
        await shop.VoidAsync(voided);
        await shop.PaymentBecomesAsync(voided, "voided");
        shop.Simulator.Ledger.ChargesOf(await shop.PaymentIdAsync(voided)).ShouldBeEmpty();
    }

    [Fact]
    public async Task While_the_provider_is_down_payments_wait_and_are_finished_afterwards_with_one_charge_each()
    {
        var orders = Enumerable.Range(0, 10).Select(_ => PaymentScenarios.NewOrder()).ToList();
        var tokens = await Task.WhenAll(orders.Select(o => shop.TokenAsync(o.CustomerId)));
        shop.Simulator.Down = true;
        try
        {
            foreach (var (order, token) in orders.Zip(tokens))
            {
                await shop.DeliverAsync("Payments", "Ordering", order.Subject, new AuthorisePayment(order.Id, order.Number, order.CustomerId, order.Amount, token));
            }

            await Eventually.TrueAsync(() => Task.FromResult(Pipeline.IsBroken), "the breaker to open");
            using var customer = shop.Customer();
            await customer.PostAsJsonAsync("/api/v1/payments/cards", shop.CardOf(TestCards.Approved)).ShouldFailAsync(503, "payments.provider_unavailable");
            await shop.SettledAsync();
            var requests = shop.Simulator.Requests;
            (await shop.PaymentAsync(orders[^1])).Text("waitingFor").ShouldBe("authorise");
            shop.Simulator.Requests.ShouldBe(requests, "no call while the breaker is open");

            // Still down at the first probe: the breaker opens again, nothing is lost.
            shop.Clock.Advance(TimeSpan.FromMinutes(5));
            await Eventually.TrueAsync(() => Task.FromResult(shop.Simulator.Requests > requests), "a probe");
        }
        finally
        {
            shop.Simulator.Down = false;
        }

        await Eventually.TrueAsync(
            async () =>
            {
                shop.Clock.Advance(TimeSpan.FromSeconds(30));
                return !Pipeline.IsBroken && (await shop.PaymentAsync(orders[0])).Text("status") == "authorised";
            },
            "the breaker to close");
        foreach (var order in orders)
        {
            await shop.PaymentBecomesAsync(order, "authorised");
            shop.Simulator.Ledger.ChargesOf(await shop.PaymentIdAsync(order)).Count.ShouldBe(1);
        }
    }

    [Fact]
    public async Task An_authorisation_without_an_answer_is_given_up_and_what_was_charged_is_undone()
    {
        var order = PaymentScenarios.NewOrder();
        var token = await shop.TokenAsync(order.CustomerId);
        shop.Simulator.LosesAnswers = true;
        try
        {
            await shop.DeliverAsync("Payments", "Ordering", order.Subject, new AuthorisePayment(order.Id, order.Number, order.CustomerId, order.Amount, token));
            await Eventually.TrueAsync(
                async () => shop.Simulator.Ledger.ChargesOf(await shop.PaymentIdAsync(order)).Count == 1, "a charge whose answer is lost");
            shop.Clock.Advance(TimeSpan.FromHours(1));
            await Eventually.TrueAsync(
                async () =>
                {
                    await shop.RunJobAsync("Payments", "GiveUpAuthorisations");
                    return (await shop.PaymentAsync(order)).Text("status") == "declined";
                },
                "the authorisation to be given up");
        }
        finally
        {
            shop.Simulator.LosesAnswers = false;
        }

        (await shop.PublishedAsync<PaymentDeclined>(m => m.OrderId == order.Id)).Reason.ShouldBe("provider_unavailable");
        await Eventually.TrueAsync(
            async () =>
            {
                shop.Clock.Advance(TimeSpan.FromMinutes(1));
                return (await shop.PaymentAsync(order))["waitingFor"] is null;
            },
            "the void to be confirmed");
        var payment = await shop.PaymentBecomesAsync(order, "declined");
        // A repetition that was on its way when the answers came back may be answered before the void.
        payment.Steps().Where(s => s != "AuthorisedTooLate").ShouldBe(["Requested", "GivenUp", "Voided"]);
        shop.Simulator.Ledger.ChargesOf(await shop.PaymentIdAsync(order)).ShouldBeEmpty();
        await shop.SettledAsync();
        shop.Published<PaymentVoided>(m => m.OrderId == order.Id).ShouldBeEmpty();
    }
}
