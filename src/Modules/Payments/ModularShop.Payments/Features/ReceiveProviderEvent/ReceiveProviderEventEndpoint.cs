using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Payments.Domain;
using ModularShop.Payments.Infrastructure.Provider;

namespace ModularShop.Payments.Features.ReceiveProviderEvent;

internal static class ReceiveProviderEventEndpoint
{
    private const int MaxBodyBytes = 64 * 1024;

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("webhooks/provider", HandleAsync)
        .WithName("Payments.ReceiveProviderEvent")
        .WithSummary("For the payment provider: late results, signed")
        .Accepts<ReceiveProviderEvent>("application/json")
        .Fails(PaymentsError.SignatureInvalid, PaymentsError.WebhookTooLarge, RequestError.Malformed, RequestError.Invalid)
        .ForEveryone();

    private static async Task<Results<NoContent, Failure>> HandleAsync(
        HttpRequest request, IMediator mediator, IOptions<ProviderOptions> options, IOptions<JsonOptions> json, TimeProvider time,
        ILogger<ReceiveProviderEventHandler> logger, CancellationToken cancellationToken)
    {
        if (await ReadAsync(request, cancellationToken) is not { } body)
        {
            return new Failure(PaymentsError.WebhookTooLarge.Because($"A webhook has at most {MaxBodyBytes} bytes."));
        }

        var provider = options.Value;
        if (!WebhookSignature.IsValid(request.Headers[WebhookSignature.Header], body, provider.WebhookSecret, time.GetUtcNow(), provider.WebhookTolerance))
        {
            Log.SignatureRefused(logger);
            return new Failure(PaymentsError.SignatureInvalid.Because(
                $"The {WebhookSignature.Header} header is missing, too old, or not made with the secret shared with this shop for this very body."));
        }

        ReceiveProviderEvent? received;
        try
        {
            // A provider may add fields whenever it likes.
            received = JsonSerializer.Deserialize<ReceiveProviderEvent>(body, new JsonSerializerOptions(json.Value.SerializerOptions)
            {
                UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip,
            });
        }
        catch (JsonException)
        {
            received = null;
        }

        return received is null
            ? new Failure(RequestError.Malformed.Because("The body is not the JSON of a provider event: id, type, merchantReference, reference, reason."))
            : (await mediator.Send(received, cancellationToken)).ToHttp();
    }

    /// <summary>Null where the body is longer than a webhook can be.</summary>
    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var chunk = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, cancellationToken)) > 0)
        {
            body.Write(chunk, 0, read);
            if (body.Length > MaxBodyBytes)
            {
                return null;
            }
        }

        return body.ToArray();
    }
}
