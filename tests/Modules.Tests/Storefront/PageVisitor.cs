using System.Net;
using System.Text.RegularExpressions;

namespace Modules.Tests.Storefront;

/// <summary>Somebody with a browser that runs no script: keeps cookies, reads pages, sends their forms.</summary>
internal sealed partial class PageVisitor(HttpClient client) : IDisposable
{
    public const string Password = "correct horse battery";

    /// <summary>What Chromium says that it takes.</summary>
    private const string Accepted = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7";

    /// <summary>What was last shown.</summary>
    public string Page { get; private set; } = "";

    /// <summary>What the last answer made the browser keep, or forget.</summary>
    public IReadOnlyList<string> Cookies { get; private set; } = [];

    /// <summary>Shows a page, which has this status.</summary>
    public async Task<string> GetAsync(string address, int status = 200)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative)));
        ((int)response.StatusCode).ShouldBe(status, Page);
        return Page;
    }

    /// <summary>Where an address leads to.</summary>
    public async Task<string> RedirectedAsync(string address)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative)));
        response.StatusCode.ShouldBe(HttpStatusCode.SeeOther, Page);
        return response.Headers.Location!.OriginalString;
    }

    /// <summary>Sends a form of the page that is shown, and says where to that leads.</summary>
    public Task<string> PostAsync(string address, params (string Name, string Value)[] fields) => PostFromAsync(null, address, fields);

    /// <summary>The same, of a browser that says which page the form is of.</summary>
    public async Task<string> PostFromAsync(string? page, string address, params (string Name, string Value)[] fields)
    {
        var form = Form(address, TokenOn(Page), fields);
        form.Headers.Referrer = page is null ? null : new Uri($"http://localhost{page}");
        using var response = await SendAsync(form);
        response.StatusCode.ShouldBe(HttpStatusCode.SeeOther, Page);
        return response.Headers.Location!.OriginalString;
    }

    /// <summary>Sends a form that is refused with this status; the page says why.</summary>
    public async Task<string> RefusedAsync(int status, string address, params (string Name, string Value)[] fields)
    {
        using var response = await SendAsync(Form(address, TokenOn(Page), fields));
        ((int)response.StatusCode).ShouldBe(status, Page);
        return Page;
    }

    /// <summary>A form as another site would send it.</summary>
    public async Task<int> ForgeAsync(string address, params (string Name, string Value)[] fields)
    {
        using var response = await SendAsync(Form(address, null, fields));
        return (int)response.StatusCode;
    }

    public async Task RegisterAsync(string name = "Ada Example")
    {
        await GetAsync("/register?return=/cart");
        (await PostAsync("/register", ("name", name), ("email", $"page-{Guid.CreateVersion7():N}@example.com"), ("password", Password), ("return", "/cart"))).ShouldBe("/cart");
    }

    public async Task AddToCartAsync(string sku, int quantity = 1)
    {
        await GetAsync($"/products/{sku}");
        (await PostAsync("/cart/lines", ("sku", sku), ("quantity", $"{quantity}"))).ShouldBe("/cart");
    }

    /// <summary>From a filled cart to the last look before paying; returns the order as its form carries it.</summary>
    public async Task<string> CheckOutAsync(string card = Shopper.ApprovedCard)
    {
        await GetAsync("/checkout");
        (await PostAsync("/checkout/address", ("recipient", "Ada Example"), ("line1", "Hauptstraße 1"), ("city", "Berlin"), ("postalCode", "10115"), ("country", "DE")))
            .ShouldBe("/checkout/payment");
        await GetAsync("/checkout/payment");
        (await PostAsync("/checkout/payment", ("service", "standard"), ("number", card), ("expiry", "12/30"), ("cvc", "123"))).ShouldBe("/checkout/review");
        await GetAsync("/checkout/review");
        return OrderOn(Page);
    }

    public static string OrderOn(string page) => WebUtility.HtmlDecode(Order().Match(page).Groups["value"].Value);

    /// <summary>The addresses of the orders that a page leads to.</summary>
    public static IEnumerable<string> OrdersOn(string page) => OrderAddress().Matches(page).Select(m => m.Value).Distinct(StringComparer.Ordinal);

    public void Dispose() => client.Dispose();

    private static HttpRequestMessage Form(string address, string? token, (string Name, string Value)[] fields) => new(HttpMethod.Post, new Uri(address, UriKind.Relative))
    {
        Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)).Concat(token is null ? [] : [KeyValuePair.Create("form-token", token)])),
    };

    public static string? TokenOn(string page) => Token().Match(page) is { Success: true } match ? WebUtility.HtmlDecode(match.Groups["value"].Value) : null;

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Accept.ParseAdd(Accepted);
        var response = await client.SendAsync(request);
        Cookies = response.Headers.TryGetValues("Set-Cookie", out var cookies) ? [.. cookies] : [];
        // What leads elsewhere shows nothing: the form stays on the screen.
        Page = response.StatusCode is HttpStatusCode.SeeOther ? Page : await response.Content.ReadAsStringAsync();
        return response;
    }

    [GeneratedRegex("name=\"form-token\" value=\"(?<value>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();

    [GeneratedRegex("/orders/[0-9a-f-]{36}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OrderAddress();

    [GeneratedRegex("name=\"order\" value=\"(?<value>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Order();
}
