using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace PaymentProviderSimulator;

public sealed record SimulatorOptions
{
    /// <summary>Where it listens; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    public string ApiKey { get; init; } = "simulator-key";

    public string WebhookSecret { get; init; } = "simulator-webhook-secret";

    public Uri? WebhookUrl { get; init; }

    /// <summary>Null: webhooks wait for <see cref="ProviderSimulator.SendWebhooksAsync"/>.</summary>
    public TimeSpan? WebhookDelay { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>A payment provider over HTTP that moves no money and can be told to misbehave.</summary>
public sealed class ProviderSimulator : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string EventId, Charge Charge)> _webhooks = new();
    private readonly SimulatorOptions _options;
    private readonly WebApplication _app;
    private int _requests;

    private ProviderSimulator(SimulatorOptions options)
    {
        _options = options;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(options.Url);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddHttpClient();
        _app = builder.Build();
        _app.Use(AdmitAsync);
        _app.MapPost("/tokens", (HttpRequest request, TokenRequest body) => Ledger.Tokenise(KeyOf(request), body.Number));
        _app.MapPost("/authorisations", AuthoriseAsync);
        _app.MapPost("/captures", (HttpRequest request, MoneyRequest body) => Ledger.Capture(KeyOf(request), body.Authorisation, body.Amount));
        _app.MapPost("/voids", (HttpRequest request, VoidRequest body) => Ledger.Void(KeyOf(request), body.AuthorisationKey));
        _app.MapPost("/refunds", (HttpRequest request, MoneyRequest body) => Ledger.Refund(KeyOf(request), body.Authorisation, body.Amount));
    }

    public Ledger Ledger { get; } = new();

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Answers 503 to everything and does nothing.</summary>
    public bool Down { get; set; }

    /// <summary>Does what it is asked and then answers 500: the worst of both.</summary>
    public bool LosesAnswers { get; set; }

    /// <summary>Requests that reached it, whatever became of them.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Who posts webhooks; by default to <see cref="SimulatorOptions.WebhookUrl"/>.</summary>
    public Func<HttpRequestMessage, Task<HttpResponseMessage>>? Post { get; set; }

    public static async Task<ProviderSimulator> StartAsync(SimulatorOptions options)
    {
        var simulator = new ProviderSimulator(options);
        await simulator._app.StartAsync();
        return simulator;
    }

    public Task StoppedAsync() => _app.WaitForShutdownAsync();

    /// <summary>Sends the webhooks that wait; returns what the receiver answered to each.</summary>
    public async Task<IReadOnlyList<HttpStatusCode>> SendWebhooksAsync()
    {
        var answers = new List<HttpStatusCode>();
        while (_webhooks.TryDequeue(out var webhook))
        {
            var approved = Ledger.Settle(webhook.Charge);
            var body = JsonSerializer.SerializeToUtf8Bytes(new
            {
                id = webhook.EventId,
                type = approved ? "authorisation.approved" : "authorisation.declined",
                merchantReference = webhook.Charge.MerchantReference,
                reference = webhook.Charge.Reference,
                livemode = false,
            });
            using var request = new HttpRequestMessage(HttpMethod.Post, _options.WebhookUrl) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.Add("Provider-Signature", Sign(body, _options.WebhookSecret, _options.Time.GetUtcNow()));
            using var response = await (Post ?? PostAsync)(request);
            answers.Add(response.StatusCode);
        }

        return answers;
    }

    public static string Sign(ReadOnlySpan<byte> body, string secret, DateTimeOffset at)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes(seconds + "."), .. body];
        return $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}";
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static string KeyOf(HttpRequest request) => request.Headers["Idempotency-Key"].ToString();

    private async Task AdmitAsync(HttpContext context, RequestDelegate next)
    {
        Interlocked.Increment(ref _requests);
        if (Down)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
        else if (context.Request.Headers.Authorization != $"Bearer {_options.ApiKey}")
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }
        else if (KeyOf(context.Request).Length < 8)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
        else
        {
            var answer = context.Response.Body;
            if (LosesAnswers)
            {
                context.Response.Body = Stream.Null;
                context.Response.OnStarting(() =>
                {
                    context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                    return Task.CompletedTask;
                });
            }

            await next(context);
            context.Response.Body = answer;
        }
    }

    private async Task<Reply> AuthoriseAsync(HttpContext context, AuthorisationRequest body)
    {
        var charge = Ledger.Authorise(KeyOf(context.Request), body.MerchantReference, body.Token, body.Amount, body.Currency, out var isNew);
        if (isNew && charge.CardNumber is TestCards.Timeout)
        {
            await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted); // until the caller gives up
        }

        if (isNew && charge.CardNumber is TestCards.LateWebhook or TestCards.Duplicate)
        {
            Announce(charge);
        }

        return Ledger.Answer(charge);
    }

    private void Announce(Charge charge)
    {
        _webhooks.Enqueue(($"evt_{charge.Key}", charge));
        if (charge.CardNumber is TestCards.Duplicate)
        {
            _webhooks.Enqueue(($"evt_{charge.Key}", charge));
            _webhooks.Enqueue(($"evt_{charge.Key}_again", charge));
        }

        if (_options.WebhookDelay is { } delay)
        {
            _ = SendLaterAsync(delay);
        }
    }

    private async Task SendLaterAsync(TimeSpan delay)
    {
        using var later = new PeriodicTimer(delay, _options.Time);
        if (await later.WaitForNextTickAsync(_app.Lifetime.ApplicationStopping))
        {
            await SendWebhooksAsync();
        }
    }

    private Task<HttpResponseMessage> PostAsync(HttpRequestMessage request) =>
        _app.Services.GetRequiredService<IHttpClientFactory>().CreateClient().SendAsync(request, _app.Lifetime.ApplicationStopping);

    internal sealed record TokenRequest(string Number, int ExpiryMonth, int ExpiryYear, string Cvc);

    internal sealed record AuthorisationRequest(Guid MerchantReference, string Token, long Amount, string Currency);

    internal sealed record MoneyRequest(string Authorisation, long Amount, string Currency);

    internal sealed record VoidRequest(string AuthorisationKey);
}
