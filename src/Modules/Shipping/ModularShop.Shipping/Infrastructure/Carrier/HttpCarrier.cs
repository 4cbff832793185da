using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ModularShop.Shipping.Domain;

namespace ModularShop.Shipping.Infrastructure.Carrier;

/// <summary>
/// A carrier reached by HTTP: <c>PUT parcels/{number}</c> books (200, 201; 422 where it does not serve the
/// address), <c>DELETE parcels/{number}</c> cancels (200, 204, 404; 409 when it has been collected),
/// <c>GET parcels/{number}/events</c> tells what happened. Any other answer is none.
/// </summary>
internal sealed class HttpCarrier(HttpClient http) : ICarrier
{
    public async Task<BookingAnswer> BookAsync(Parcel parcel, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Of(parcel))
        {
            Content = JsonContent.Create(new { service = parcel.ServiceCode, weightGrams = parcel.WeightGrams, address = parcel.Address }),
        };
        request.Headers.Add("Idempotency-Key", parcel.TrackingNumber);
        using var response = await http.SendAsync(request, cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.OK or HttpStatusCode.Created => BookingAnswer.Booked,
            HttpStatusCode.UnprocessableEntity => BookingAnswer.AddressNotServed,
            _ => throw NoAnswer(response),
        };
    }

    public async Task<CancellationAnswer> CancelAsync(Parcel parcel, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, Of(parcel));
        using var response = await http.SendAsync(request, cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.OK or HttpStatusCode.NoContent or HttpStatusCode.NotFound => CancellationAnswer.Cancelled,
            HttpStatusCode.Conflict => CancellationAnswer.TooLate,
            _ => throw NoAnswer(response),
        };
    }

    public async Task<IReadOnlyList<CarrierEvent>> TrackAsync(Parcel parcel, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(new Uri($"{Of(parcel)}/events", UriKind.Relative), cancellationToken);
        if (response.StatusCode is not HttpStatusCode.OK)
        {
            throw NoAnswer(response);
        }

        try
        {
            var events = await response.Content.ReadFromJsonAsync<List<EventBody>>(cancellationToken) ?? [];
            return [.. events.Select(e => new CarrierEvent(StatusOf(e.Status), e.At.ToUniversalTime(), e.Place ?? "", e.Text ?? ""))];
        }
        catch (JsonException e)
        {
            throw new CarrierUnavailableException($"The carrier's events of {parcel.TrackingNumber} cannot be read: {e.Message}", e);
        }
    }

    private static Uri Of(Parcel parcel) => new($"parcels/{parcel.TrackingNumber}", UriKind.Relative);

    /// <summary>What the shop has no word for is a stop on the way.</summary>
    private static ShipmentStatus StatusOf(string status) => status switch
    {
        "announced" => ShipmentStatus.Booked,
        "collected" => ShipmentStatus.Dispatched,
        "out_for_delivery" => ShipmentStatus.OutForDelivery,
        "delivery_failed" => ShipmentStatus.DeliveryFailed,
        "delivered" => ShipmentStatus.Delivered,
        "returned" => ShipmentStatus.Returned,
        _ => ShipmentStatus.InTransit,
    };

    private static CarrierUnavailableException NoAnswer(HttpResponseMessage response) =>
        new($"The carrier answered {(int)response.StatusCode} to {response.RequestMessage?.Method} {response.RequestMessage?.RequestUri?.AbsolutePath}.");

    private sealed record EventBody(string Status, DateTimeOffset At, string? Place, string? Text);
}
