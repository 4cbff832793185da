using ModularShop.Host.Pages;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Storefront;

/// <summary>Where a parcel is, for whoever knows its number; and invoices.</summary>
internal static class ParcelPages
{
    public static void MapParcels(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/tracking", FindAsync).WithName("Storefront.Tracking").ForEveryone();
        pages.MapGet("/tracking/{number}", ShowAsync).WithName("Storefront.TrackParcel").ForEveryone();
        pages.MapGet("/invoices/{number}", InvoiceAsync).WithName("Storefront.Invoice").ForCustomersAndOperators();
    }

    /// <summary>Numbers have an address of their own; what is none is looked for where it was typed, for not everything can be part of an address.</summary>
    private static async Task<IResult> FindAsync(Visit visit, string? number = null) =>
        number?.Trim() is not { Length: > 0 } typed ? visit.Show<TrackingPage, Tracking>(new Tracking("", null, null))
        : typed.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? visit.Go($"/tracking/{ShopApi.Segment(typed)}")
        : await ShowAsync(visit, typed);

    private static async Task<IResult> ShowAsync(Visit visit, string number)
    {
        var answer = await visit.Api.GetAsync<ParcelTrack>($"/api/v1/shipping/tracking/{ShopApi.Segment(number)}");
        return answer.Status is StatusCodes.Status400BadRequest or StatusCodes.Status404NotFound
            ? visit.Show<TrackingPage, Tracking>(new Tracking(number, null, new ApiProblem(StatusCodes.Status404NotFound, "tracking", "There is no parcel of this number; a number looks like MS7K3M9QX2DE.")), StatusCodes.Status404NotFound)
            : visit.Show<TrackingPage, Tracking>(new Tracking(number, answer.Needed(), null));
    }

    private static async Task<IResult> InvoiceAsync(Visit visit, string number)
    {
        var invoice = (await visit.Api.GetAsync<InvoiceDetails>($"/api/v1/payments/invoices/{ShopApi.Segment(number)}")).Needed();
        var order = (await visit.Api.GetAsync<OrderDetails>($"/api/v1/ordering/orders/{invoice.OrderId}")).Value;
        return visit.Show<InvoicePage, Invoice>(new Invoice(invoice, order));
    }
}

public sealed record Tracking(string Number, ParcelTrack? Track, ApiProblem? Problem);

/// <param name="Order">Null where it cannot be had at the moment.</param>
public sealed record Invoice(InvoiceDetails Details, OrderDetails? Order);
