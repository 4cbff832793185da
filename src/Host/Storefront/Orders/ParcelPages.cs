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

    private static Task<IResult> FindAsync(Visit visit, string? number = null) => Task.FromResult(
        number?.Trim() is { Length: > 0 } known ? visit.Go($"/tracking/{ShopApi.Segment(known)}") : visit.Show<TrackingPage, Tracking>(new Tracking("", null, null)));

    private static async Task<IResult> ShowAsync(Visit visit, string number)
    {
        var answer = await visit.Api.GetAsync<ParcelTrack>($"/api/v1/shipping/tracking/{ShopApi.Segment(number)}");
        return answer.Problem is { Status: 404 } problem
            ? visit.Show<TrackingPage, Tracking>(new Tracking(number, null, problem), problem.Status)
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
